// What the page of one order has besides what all pages have.
import "./after.js";
import "./keys.js";

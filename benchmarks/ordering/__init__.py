"""How quick ordering is: many buyers at once, and in a shop that has grown. See benchmarks/README.md."""

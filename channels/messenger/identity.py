"""Who is who: a person's id on a Page, from the id that they have for our app."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from channels.messenger.clean import as_id, as_object
from channels.messenger.graph import Graph


async def id_on_page(graph: Graph, user_id: str, app_id: str) -> str | None:
    """The person's id on the Page of `graph`, or None when Meta knows none. Raises SendError.

    Meta, "ID Matching": `GET /{app-scoped id}/ids_for_pages?page=…` with the app's token, which is `<app id>|<secret>`;
    it answers only where Page and app belong to one business. Without the app's id the Page's token is tried.
    """
    credentials = graph.credentials
    if app_id and credentials.app_secret:
        credentials = replace(credentials, token=f"{app_id}|{credentials.app_secret}")
    asking = Graph(graph.session, credentials, connect_timeout=graph.connect_timeout, timeout=graph.timeout)
    path = f"{quote(user_id, safe='')}/ids_for_pages"
    answer = await asking.call("GET", path, params={"page": credentials.account_id})
    rows = answer.get("data")
    for row in rows if isinstance(rows, list) else []:
        fields = as_object(row)
        if as_id(as_object(fields.get("page")).get("id")) == credentials.account_id:
            return as_id(fields.get("id"))
    return None

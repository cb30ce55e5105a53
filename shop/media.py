"""Where pictures live: a folder or an object store, behind one small interface (fsspec).

Keys under `public/` may be shown to anyone who knows them; keys under `private/` (slips) only to signed-in sellers.
"""

from __future__ import annotations

import secrets

import fsspec

PUBLIC = "public"
PRIVATE = "private"


def new_key(folder: str, kind: str, suffix: str) -> str:
    """A key nobody can guess: `private/slips/<32 random characters>.jpg`."""
    return f"{folder}/{kind}/{secrets.token_urlsafe(24)}.{suffix}"


def public_address(public_url: str, key: str) -> str:
    """Where anyone may fetch the picture under a public key (the gateway serves it); `public_url` is the shop's."""
    return f"{public_url.rstrip('/')}/media/{key}"


class MediaStore:
    """Pictures by key, at `url`: a folder's path, or any address fsspec knows, such as `s3://bucket/prefix`.

    `s3://` needs the package s3fs; without it, making the store raises ImportError that says so.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = (
            fsspec.core.url_to_fs(url, auto_mkdir=True) if "://" not in url else fsspec.core.url_to_fs(url)
        )

    def put(self, key: str, data: bytes) -> None:
        """Store `data` under `key`. On a folder the file appears whole or not at all."""
        path = self._path(key)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        unfinished = f"{path}.{secrets.token_hex(4)}.part"
        self._files.pipe_file(unfinished, data)
        self._files.mv(unfinished, path)

    def get(self, key: str) -> bytes:
        """What `put` stored. Raises FileNotFoundError."""
        data: bytes = self._files.cat_file(self._path(key))
        return data

    def delete(self, key: str) -> None:
        """Remove what `put` stored. Raises FileNotFoundError."""
        self._files.rm_file(self._path(key))

    def _path(self, key: str) -> str:
        parts = key.split("/")
        if not key or any(part in ("", ".", "..") for part in parts) or "\\" in key:
            raise FileNotFoundError(key)
        return f"{self._root}/{key}"

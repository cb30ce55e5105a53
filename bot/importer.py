"""Lets the domain be kept by topic: plain `rasa train` and `rasa data validate` read `domain.yml` and, beside it,
every file in `domain/`. By itself Rasa reads only one of the two. `config.yml` names this importer.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter


class TopicImporter(RasaFileImporter):
    """Rasa's own importer with the topic files of the domain added."""

    def get_domain(self) -> Domain:
        """`domain.yml` and the files of `domain/` as one. Raises InvalidDomain as Rasa does."""
        domain = super().get_domain()
        if self._domain_path and Path(self._domain_path).is_file():
            topics = Path(self._domain_path).parent / "domain"
            if topics.is_dir():
                domain = domain.merge(Domain.load(str(topics)))
        return domain

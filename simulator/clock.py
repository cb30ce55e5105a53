"""The emulator's own time: real time plus an offset that tests move. Nothing else here reads the time of day
for a rule of the platform (the messaging window, expiry of addresses, call quotas)."""

import time


class Clock:
    """Real time shifted by an adjustable offset; moves forward by itself."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Simulated Unix time in seconds."""
        return time.time() + self._offset

    def now_ms(self) -> int:
        """Simulated Unix time in milliseconds, the unit of webhook time stamps."""
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def set(self, unix_seconds: float) -> None:
        self._offset = unix_seconds - time.time()

    def reset(self) -> None:
        self._offset = 0.0

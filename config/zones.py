"""Time zones come from the pinned `tzdata` package, on every host the same ones."""

import zoneinfo
from importlib.metadata import version


def use_shipped_zones() -> str:
    """Look zones up in the package alone from now on; its version, such as 2026.1.

    Hosts bring their own tables, of any age: two workers would disagree about when nine o'clock is.
    """
    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(())
        zoneinfo.ZoneInfo.clear_cache()
    return version("tzdata")

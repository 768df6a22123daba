"""Crawls with the tiny parts and kills its own process (SIGKILL) after a number of landed batches.

python crawl_driver.py WAREHOUSE SOURCES BATCHES
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import flow_fakes as fakes

from flows import crawling, stages

if __name__ == "__main__":
    warehouse, sources, batches = sys.argv[1:]
    crawling._BATCH_PAGES = 3
    land, landed = stages.land, []

    def land_and_die(*arguments: Any) -> Any:
        done = land(*arguments)
        landed.append(done)
        if len(landed) == int(batches):
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    stages.land = land_and_die
    fakes.crawl_fake(Path(warehouse), Path(sources))

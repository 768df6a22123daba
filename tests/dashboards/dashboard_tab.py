"""A page of the browser, and text that would be dangerous if anything took it for HTML."""

from __future__ import annotations

from typing import Any

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked=2'> ![](http://evil.invalid/a.png)"


class Tab:
    """A page of the browser that notes what must not happen."""

    def __init__(self, browser: Any, address: str, width: int) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", accept_downloads=True
        )
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._request)

    def _request(self, request: Any) -> None:
        here = (self.address, self.address.replace("http:", "ws:"), "data:", "blob:")
        if not request.url.startswith(here):
            self.faults.append(f"another host: {request.url}")

    def open(self, path: str) -> Any:
        """Opens a page of the dashboards and waits until it stands."""
        self.page.goto(f"{self.address}{path}")
        self.page.locator("footer.foot").wait_for(timeout=60_000)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Waits until the script has run."""
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
        self.page.wait_for_timeout(250)

    def until(self, name: str, value: str) -> None:
        """Waits until the address says ``value`` for ``name``, and the script has run."""
        self.page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.search).get(name) === value",
            arg=[name, value],
            timeout=60_000,
        )
        self.settle()

    def close(self) -> None:
        """Closes it; a fault fails the test."""
        self.context.close()
        assert self.faults == []

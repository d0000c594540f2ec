"""A person's browser, as far as installing needs one."""

from urllib.parse import urlsplit


class Browser:
    """Keeps cookies as a browser does, and never sends them elsewhere."""

    def __init__(self, installer):
        self._installer = installer
        self.cookies = {}

    async def begin(self):
        """Open the install page; the address at Slack it leads to."""
        page = await self._installer.begin({}, "")
        self._keep(page)
        assert page.status == 302
        return page.headers["Location"]

    async def end(self, back):
        """Follow Slack's link back."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        page = await self._installer.end({"Cookie": cookies}, urlsplit(back).query)
        self._keep(page)
        return page

    def _keep(self, page):
        given = page.headers.get("Set-Cookie", "")
        name, _, value = given.partition(";")[0].partition("=")
        if name:
            self.cookies[name] = value

    async def install(self, slack, team, **more):
        return await self.end(slack.oauth.allow(await self.begin(), team, **more))

"""The few pages a person sees in the browser while installing. Fixed words, no script."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem }}
code {{ background: #eef1f5; padding: .1em .35em; border-radius: .25em }}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""
_AGAIN = '<p><a href="/slack/install">Start again</a></p>'


def _says(title: str, *paragraphs: str) -> str:
    body = "\n".join(one if one.startswith("<") else f"<p>{one}</p>" for one in paragraphs)
    return _PAGE.format(title=title, body=body)


FAILED = _says("Nothing was installed", "Slack did not complete the installation.", _AGAIN)
WORDS = {
    "access_denied": _says("Nothing was installed", "You chose not to install Paperwire.", _AGAIN),
    "invalid_browser": _says(
        "Nothing was installed",
        "An installation has to end in the browser in which it began, with cookies allowed.",
        _AGAIN,
    ),
    "invalid_state": _says(
        "Nothing was installed",
        "This link was used before, or is older than ten minutes.",
        _AGAIN,
    ),
    "busy": _says("Nothing was installed", "The bot cannot reach its database just now.", _AGAIN),
    "slack": _says("Nothing was installed", "Slack does not answer just now.", _AGAIN),
}
"""By the reasons Bolt gives, and two of our own."""


def installed(team: str, app: str) -> str:
    """What comes next. team, app: ids that were checked, or empty."""
    link = (
        f'<p><a href="https://slack.com/app_redirect?app={app}&amp;team={team}">Open Slack</a></p>'
    )
    return _says(
        "Paperwire is installed",
        "In a channel, type <code>/invite @Paperwire</code>, then "
        "<code>/papers subscribe alignment -survey every:daily at:09:00</code>.",
        "<code>/papers help</code> says what else it can do.",
        *([link] if team and app else []),
    )

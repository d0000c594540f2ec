"""The methods about the app itself: who am I, views, people, sockets, installation."""

from collections.abc import Callable

from tests.servers.slack import methods_chat, methods_conversations
from tests.servers.slack.blocks import faults_of_view
from tests.servers.slack.call import Call, Json, Refusal
from tests.servers.slack.world import View

Handler = Callable[[Call], Json]


def api_test(call: Call) -> Json:
    """api.test: echo."""
    return {"args": call.args}


def auth_test(call: Call) -> Json:
    """auth.test: whose token this is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain,
        "user": "paperwire",
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def auth_teams_list(call: Call) -> Json:
    """auth.teams.list: the workspaces an organisation's token is good for, page by page."""
    teams = call.server.oauth.covered(call.token)
    start, size = int(call.text("cursor") or 0), int(call.text("limit") or 100)
    more = str(start + size) if start + size < len(teams) else ""
    page = [{"id": team.id, "name": team.domain} for team in teams[start : start + size]]
    return {"teams": page, "response_metadata": {"next_cursor": more}}


def auth_revoke(call: Call) -> Json:
    """auth.revoke: make the token useless."""
    if not call.flag("test"):
        call.workspace.token_error = "token_revoked"
    return {"revoked": not call.flag("test")}


def team_info(call: Call) -> Json:
    """team.info: the workspace."""
    call.need_scope("team:read")
    return {"team": {"id": call.workspace.id, "name": call.workspace.domain, "domain": "lab"}}


def users_info(call: Call) -> Json:
    """users.info: one person, with the time zone."""
    call.need_scope("users:read")
    user = call.workspace.users.get(call.text("user"))
    if user is None:
        raise Refusal("user_not_found")
    return {
        "user": {
            "id": user.id,
            "team_id": call.workspace.id,
            "name": user.name,
            "real_name": user.name,
            "tz": user.tz,
            "tz_offset": user.tz_offset,
            "is_admin": user.is_admin,
            "is_restricted": user.is_restricted,
            "is_owner": False,
            "is_bot": False,
            "deleted": False,
        }
    }


def views_open(call: Call) -> Json:
    """views.open: show a modal to the person who just did something."""
    user = call.server.triggers.exchange(call.text("trigger_id"))
    content = _checked_view(call)
    view = View(call.server.ids.new("V"), content, user, call.server.ids.new("h"))
    call.workspace.views[view.id] = view
    return {"view": view_as_json(view, call)}


def views_push(call: Call) -> Json:
    """views.push: one more window on top of the open one, at most three."""
    call.server.triggers.exchange(call.text("trigger_id"))
    content = _checked_view(call)
    opened = list(call.workspace.views.values())
    if not opened:
        raise Refusal("view_not_found")
    view = View(call.server.ids.new("V"), content, opened[-1].user, call.server.ids.new("h"))
    call.workspace.views[view.id] = view
    return {"view": view_as_json(view, call)}


def views_update(call: Call) -> Json:
    """views.update: replace what an open modal shows."""
    view = call.workspace.views.get(call.text("view_id"))
    if view is None and call.args.get("external_id"):
        view = next(
            (
                known
                for known in call.workspace.views.values()
                if known.content.get("external_id") == call.text("external_id")
            ),
            None,
        )
    if view is None:
        raise Refusal("not_found")
    if call.args.get("hash") and call.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    content = _checked_view(call)
    view.versions.append(view.content)
    view.content, view.hash = content, call.server.ids.new("h")
    return {"view": view_as_json(view, call)}


def views_publish(call: Call) -> Json:
    """views.publish: set the Home tab of one person."""
    user = call.text("user_id")
    if user not in call.workspace.users:
        raise Refusal("invalid_arguments", messages=["user_id is not a user"])
    content = _checked_view(call)
    if content.get("type") != "home":
        raise Refusal("invalid_arguments", messages=["must be a home view [json-pointer:/view]"])
    old = call.workspace.homes.get(user)
    view = View(call.server.ids.new("V"), content, user, call.server.ids.new("h"))
    if old is not None:
        if call.args.get("hash") and call.text("hash") != old.hash:
            raise Refusal("hash_conflict")
        view.id, view.versions = old.id, [*old.versions, old.content]
    call.workspace.homes[user] = view
    return {"view": view_as_json(view, call)}


def view_as_json(view: View, call: Call) -> Json:
    """A view in the form the Web API and the payloads hand out."""
    return {
        **view.content,
        "id": view.id,
        "team_id": call.workspace.id,
        "hash": view.hash,
        "state": {"values": {}},
        "root_view_id": view.id,
        "app_id": call.server.app_id,
        "bot_id": call.workspace.bot_id,
        "private_metadata": view.content.get("private_metadata", ""),
        "callback_id": view.content.get("callback_id", ""),
    }


def _checked_view(call: Call) -> Json:
    content: Json = call.parsed("view", dict, "invalid_arguments")
    found = faults_of_view(content)
    if found:
        raise Refusal("invalid_arguments", messages=found)
    return content


HANDLERS: dict[str, Handler] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "auth.teams.list": auth_teams_list,
    "auth.revoke": auth_revoke,
    "team.info": team_info,
    "users.info": users_info,
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
    "chat.postMessage": methods_chat.post_message,
    "chat.postEphemeral": methods_chat.post_ephemeral,
    "chat.update": methods_chat.update,
    "chat.delete": methods_chat.delete,
    "chat.getPermalink": methods_chat.get_permalink,
    "chat.unfurl": methods_chat.unfurl,
    "conversations.history": methods_conversations.history,
    "conversations.replies": methods_conversations.replies,
    "conversations.info": methods_conversations.info,
    "conversations.list": methods_conversations.list_all,
    "users.conversations": methods_conversations.of_person,
    "conversations.join": methods_conversations.join,
    "conversations.open": methods_conversations.open_direct,
}

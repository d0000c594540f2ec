"""Forms: made for a verb, looked at while they are filled in, and turned into a command."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace

from bot.commands import form_fields
from bot.commands.answers.words import volume
from bot.commands.context import Context
from bot.commands.keeping import planned
from bot.commands.options import read_options
from bot.commands.previewing import preview, trial
from bot.commands.settling import settled
from bot.commands.subscribing import pick
from bot.commands.verbs_personal import days_of
from bot.model.answer import Answer
from bot.model.command import Command, Edit, Import, Preview, Settings, Subscribe
from bot.model.errors import BadFilter, BadOption, CommandError, NotFound
from bot.model.form import Form
from bot.model.personal import Follow, Mute
from bot.rules.reading import reading
from bot.rules.saved import read_filter
from bot.rules.text import readable

Values = Mapping[str, str]
SAMPLES = 3
_ORDER = ("every", "at", "on", "tz", "name", "top", "mode", "layout", "empty")


async def form_of(context: Context, command: str, values: Values | None = None) -> Form:
    """The form that completes `command`, with these values where it is under way.

    Raises NotFound for the name of no subscription.
    """
    verb, _, name = command.partition(" ")
    if verb == "subscribe":
        form = await form_fields.subscribe(context)
    elif verb == "edit":
        form = form_fields.edit(await pick(context.store, context.asker.channel, name))
    elif verb == "settings":
        here = context.asker.channel
        form = form_fields.settings(await context.store.policy.settings(here), here.platform)
    elif verb == "mute":
        muted = await context.store.people.mutes(context.asker.person, now=context.now)
        form = form_fields.mute(muted)
    elif verb == "follow":
        form = form_fields.follow()
    elif verb == "import":
        form = form_fields.import_text()
    else:
        raise NotFound(f"There is no form for “{verb[:20]}”.")
    if values is None:
        return form
    form = _filled(form, values)
    form = with_errors(form, await _errors(context, verb, name, _cleaned(values)))
    return replace(form, note=await _note(context, form))


async def fill(context: Context, command: str, values: Values) -> Command | Form:
    """The command a filled form stands for, or the form with what is wrong with it."""
    verb, _, name = command.partition(" ")
    form = _filled(await form_of(context, command), values)
    cleaned = _cleaned(values)
    errors = await _errors(context, verb, name, cleaned)
    if errors:
        return with_errors(form, errors)
    return _command(verb, name, cleaned)


def _command(verb: str, name: str, cleaned: Values) -> Command:
    text = cleaned.get("filter", "")
    given = {key: cleaned[key] for key in _ORDER if cleaned.get(key)}
    match verb:
        case "subscribe":
            return Subscribe(filter=text, options=read_options(given))
        case "edit":
            return Edit(name=name, filter=text or None, given=tuple(given.items()))
        case "follow":
            return Follow(text, tuple(given.items()))
        case "mute":
            return Mute(term=text, days=days_of(cleaned["for"]) if cleaned.get("for") else None)
        case "import":
            return Import(text=cleaned["text"], dry_run=cleaned.get("do", "look") != "change")
        case _:
            return Settings(tuple(cleaned.items()))


async def refused(
    context: Context, command: str, values: Values, answer: Awaitable[Answer]
) -> Answer:
    """The answer, or the form with the mistake that only came out when it was carried out."""
    try:
        return await answer
    except (BadOption, BadFilter) as error:
        form = _filled(await form_of(context, command), values)
        names = [field.name for field in form.fields]
        option = error.option if isinstance(error, BadOption) else "filter"
        return Answer(form=with_errors(form, {option if option in names else names[0]: str(error)}))


def with_errors(form: Form, errors: Mapping[str, str]) -> Form:
    """The form with what is wrong under each field."""
    fields = tuple(replace(one, error=errors.get(one.name, "")) for one in form.fields)
    return replace(form, fields=fields)


def _filled(form: Form, values: Values) -> Form:
    fields = (replace(one, value=values.get(one.name, one.value)) for one in form.fields)
    return replace(form, fields=tuple(fields))


def _cleaned(values: Values) -> dict[str, str]:
    """Values without what a rhythm does not take: a form always shows the hour and the day."""
    cleaned = {key: value.strip() for key, value in values.items()}
    every = cleaned.get("every", "")
    if every in {"instant", "hourly"}:
        cleaned["at"] = ""
    if every and every != "weekly":
        cleaned["on"] = ""
    if not cleaned.get("managers"):
        cleaned.pop("managers", None)  # their hashes cannot be shown, so empty means unchanged
    return cleaned


async def _errors(context: Context, verb: str, name: str, values: Values) -> dict[str, str]:
    """What is wrong, by the field that is to blame."""
    if verb == "settings":
        return await _setting_errors(context, values)
    if verb == "import":
        return await _text_errors(context, values)
    errors: dict[str, str] = {}
    if "filter" in values:
        try:
            await _topic(context, values["filter"], name)
        except CommandError as error:
            errors["filter"] = _words(error)
    for key in (*_ORDER, "for"):
        try:
            if values.get(key):
                _check(key, values[key])
        except BadOption as error:
            errors[key] = _words(error)
    return errors


async def _text_errors(context: Context, values: Values) -> dict[str, str]:
    try:
        await planned(context, context.texts, values.get("text", ""))
    except BadOption as error:
        return {"text": _words(error)}
    return {}


def _check(key: str, value: str) -> None:
    """Raises BadOption for a value the field does not take."""
    if key != "for":
        read_options({key: value})
    elif days_of(value) is None:
        raise BadOption("Give days or weeks, such as 14d or 2w.")


async def _setting_errors(context: Context, values: Values) -> dict[str, str]:
    errors = {}
    before = await context.store.policy.settings(context.asker.channel)
    who = {key: values[key] for key in ("manage", "managers") if key in values}
    for given in (who, *({key: value} for key, value in values.items() if key not in who)):
        try:
            await settled(context.store, context.asker.channel, before, given)
        except BadOption as error:
            errors[error.option] = _words(error)
    return errors


def _words(error: CommandError) -> str:
    """A mistake in words for under a field, where the field's name stands already."""
    if isinstance(error, BadFilter):
        hint = f" {error.problem.hint}" if error.problem.hint else ""
        return f"{error.problem.message} (column {error.problem.column}){hint}"
    text, option = str(error), getattr(error, "option", "")
    said = text.removeprefix(f"{option}: ") if option else text
    return said[:1].upper() + said[1:]


async def _topic(context: Context, text: str, name: str) -> None:
    existing = await context.store.subscriptions.of(context.asker.channel)
    read_filter(text, {one.name: one.filter for one in existing}, name)


async def _note(context: Context, form: Form) -> tuple[str, ...]:
    """What the filter would have sent, once there is one that can be read."""
    text = next((one.value for one in form.fields if one.name == "filter"), "")
    if not text.strip() or form.errors.get("filter") or form.command.startswith(("mute", "follow")):
        return form.note
    asker = context.asker
    existing = await context.store.subscriptions.of(asker.channel)
    order = Preview(filter=text)
    tried = trial(order, asker.channel, asker.zone, existing)
    report = await preview(context.store, tried, order.days, context.today)
    samples = tuple(f"· {readable(one.paper.title)}" for one in report.papers[:SAMPLES])
    return (f"That is: {reading(report.topic)}.", volume(report), *samples)

"""Commands and options in German."""

NAMES = {
    "query": "suche",
    "view": "ansicht",
    "since": "seit",
    "sort": "ordnung",
    "source": "quelle",
    "share": "teilen",
    "subscribe": "abonnieren",
    "filter": "filter",
    "every": "rhythmus",
    "at": "um",
    "on": "am",
    "tz": "zeitzone",
    "top": "höchstens",
    "name": "name",
    "mode": "umfang",
    "layout": "form",
    "empty": "leere-tage",
    "edit": "ändern",
    "list": "liste",
    "all": "alle",
    "unsubscribe": "abbestellen",
    "preview": "vorschau",
    "days": "tage",
    "pause": "pause",
    "resume": "fortsetzen",
    "settings": "einstellungen",
    "manage": "verwalten",
    "managers": "berechtigte",
    "threads": "threads",
    "tally": "zählung",
    "publish": "veröffentlichen",
    "log": "protokoll",
    "follow": "folgen",
    "who": "wem",
    "unfollow": "entfolgen",
    "mute": "ausblenden",
    "term": "wort",
    "unmute": "einblenden",
    "forget-me": "vergiss-mich",
    "digest": "überblick",
    "period": "zeitraum",
    "save": "merken",
    "paper": "artikel",
    "saved": "gemerkt",
    "bib": "bibtex",
    "what": "welche",
    "rename": "neuer-name",
    "export": "exportieren",
    "import": "importieren",
    "page": "seite",
}

TEXTS = {
    "Search papers, or show one by its id": "Artikel suchen, oder einen mit seiner Nummer zeigen",
    "Words, an arXiv id or an address; nothing shows the help": (
        "Wörter, eine arXiv-Nummer oder eine Adresse; leer zeigt die Hilfe"
    ),
    "What to show: matching papers, why one came here, a trend, or how things are": (
        "Was gezeigt wird: Treffer, warum ein Artikel kam, ein Trend oder der Stand der Dinge"
    ),
    "results": "Treffer",
    "why": "warum",
    "trend": "Trend",
    "status": "Stand",
    "Only papers of this time, such as 7d or 2026-11-01": (
        "Nur Artikel aus dieser Zeit, etwa 7d oder 2026-11-01"
    ),
    "The best first, or the newest": "Die besten zuerst, oder die neuesten",
    "best": "beste zuerst",
    "new": "neueste zuerst",
    "Only papers of one source, such as hf_daily": "Nur Artikel einer Quelle, etwa hf_daily",
    "Show the answer to everybody here, once, with your name": (
        "Die Antwort einmal allen hier zeigen, mit deinem Namen"
    ),
    "Manage what this channel gets": "Bestimmen, was dieser Kanal bekommt",
    "Bring papers that match a filter to this channel": (
        "Artikel, auf die ein Filter passt, in diesen Kanal bringen"
    ),
    "What to look for, such as: alignment -survey cat:cs.CL; nothing opens a form": (
        "Wonach gesucht wird, etwa: alignment -survey cat:cs.CL; leer öffnet ein Formular"
    ),
    "How often; daily unless you say so": "Wie oft; täglich, wenn nichts anderes dasteht",
    "instant": "sofort",
    "hourly": "stündlich",
    "daily": "täglich",
    "weekdays": "werktags",
    "weekly": "wöchentlich",
    "Time of day, such as 09:00": "Uhrzeit, etwa 09:00",
    "Day of the week, for weekly": "Wochentag, bei wöchentlich",
    "Mon": "Mo",
    "Tue": "Di",
    "Wed": "Mi",
    "Thu": "Do",
    "Fri": "Fr",
    "Sat": "Sa",
    "Sun": "So",
    "Time zone, such as Europe/Berlin": "Zeitzone, etwa Europe/Berlin",
    "How many papers a digest shows at most": "Wie viele Artikel ein Überblick höchstens zeigt",
    "A short name for this subscription": "Ein kurzer Name für dieses Abonnement",
    "How much of each paper is shown": "Wie viel von jedem Artikel gezeigt wird",
    "compact": "kurz",
    "standard": "normal",
    "full": "mit ganzer Zusammenfassung",
    "One message, details in a thread, or a post per paper": (
        "Eine Nachricht, Näheres im Thread, oder ein Beitrag je Artikel"
    ),
    "digest": "eine Nachricht",
    "thread": "Näheres im Thread",
    "posts": "eine Nachricht je Artikel",
    "forum": "ein Forumsbeitrag je Artikel",
    "What is said on a day without papers": "Was an einem Tag ohne Artikel gesagt wird",
    "silent": "nichts",
    "note": "ein Hinweis, wenn eine Quelle fehlte",
    "always": "immer ein Hinweis",
    "Change a subscription of this channel": "Ein Abonnement dieses Kanals ändern",
    "Which one": "Welches",
    "What to look for instead; nothing opens a form": (
        "Wonach stattdessen gesucht wird; leer öffnet ein Formular"
    ),
    "What this channel is subscribed to": "Was dieser Kanal abonniert hat",
    "Those of all channels you can see": "Die aller Kanäle, die du sehen kannst",
    "Stop a subscription of this channel": "Ein Abonnement dieses Kanals beenden",
    "Its name, or its number in the list": "Sein Name, oder seine Nummer in der Liste",
    "Try a filter on the last days before you subscribe": (
        "Einen Filter an den letzten Tagen ausprobieren, bevor du abonnierst"
    ),
    "What to look for": "Wonach gesucht wird",
    "How many days back; 14 unless told": "Wie viele Tage zurück; sonst 14",
    "Keep a subscription silent for a while": "Ein Abonnement eine Weile schweigen lassen",
    "Which one; all of the channel unless you say so": "Welches; sonst alle des Kanals",
    "For how many days; until resumed unless you say so": (
        "Für wie viele Tage; sonst bis es fortgesetzt wird"
    ),
    "Let a paused subscription speak again": "Ein pausiertes Abonnement wieder sprechen lassen",
    "What holds for this channel: time zone, who may change things, …": (
        "Was für diesen Kanal gilt: Zeitzone, wer etwas ändern darf, …"
    ),
    "Time zone of new subscriptions; nothing at all opens a form": (
        "Zeitzone neuer Abonnements; ganz leer öffnet ein Formular"
    ),
    "Who may change subscriptions, of those who manage the server": (
        "Wer Abonnements ändern darf, von denen, die den Server verwalten"
    ),
    "anyone": "alle",
    "admins": "Admins",
    "listed": "Genannte",
    "Who may, where only those named may: user ids": (
        "Wer darf, wenn nur Genannte dürfen: Nutzer-IDs"
    ),
    "Say in the thread of a paper what became of it": (
        "Im Thread eines Artikels sagen, was aus ihm wurde"
    ),
    "yes": "ja",
    "no": "nein",
    "Show everybody how many found a paper relevant": (
        "Allen zeigen, wie viele einen Artikel passend fanden"
    ),
    "Publish posts, in an announcement channel": (
        "Beiträge veröffentlichen, in einem Ankündigungskanal"
    ),
    "Its new name": "Sein neuer Name",
    "How much of each paper new subscriptions show": (
        "Wie viel von jedem Artikel neue Abonnements zeigen"
    ),
    "Layout of new subscriptions": "Form neuer Abonnements",
    "What new subscriptions say on a day without papers": (
        "Was neue Abonnements an einem Tag ohne Artikel sagen"
    ),
    "default": "Voreinstellung",
    "This channel's subscriptions and settings as text": (
        "Abonnements und Einstellungen dieses Kanals als Text"
    ),
    "Which page, of a long text": "Welche Seite, bei einem langen Text",
    "Make this channel what a text of export says": (
        "Diesen Kanal so einrichten, wie es ein exportierter Text sagt"
    ),
    "What was changed and posted here": "Was hier geändert und gepostet wurde",
    "Papers for you alone": "Artikel nur für dich",
    "Get papers of an author or organisation by direct message": (
        "Artikel einer Autorin oder Einrichtung als Direktnachricht bekommen"
    ),
    'Such as author:"Emmy Noether" or org:deepmind; nothing opens a form': (
        'Etwa author:"Emmy Noether" oder org:deepmind; leer öffnet ein Formular'
    ),
    "Whom you follow, and how to stop it": "Wem du folgst, und wie du es beendest",
    "Stop following this, by its name or number": "Dem nicht mehr folgen: Name oder Nummer",
    "Hide papers with a word from what you get yourself": (
        "Artikel mit einem Wort aus dem ausblenden, was du selbst bekommst"
    ),
    "The word or filter; nothing opens a form": "Das Wort oder der Filter; leer öffnet ein Formular",
    "For how many days": "Für wie viele Tage",
    "Show such papers again": "Solche Artikel wieder zeigen",
    "The word or filter": "Das Wort oder der Filter",
    "Delete everything that is stored about you here": "Alles löschen, was hier über dich steht",
    "This channel's digest, now and for your eyes only": (
        "Der Überblick dieses Kanals, jetzt und nur für dich"
    ),
    "What it covers": "Was er umfasst",
    "today": "heute",
    "week": "diese Woche",
    "Which subscription; all of the channel unless you say so": (
        "Welches Abonnement; sonst alle des Kanals"
    ),
    "Keep a paper in your list": "Einen Artikel in deiner Liste behalten",
    "Its arXiv id, DOI or address": "Seine arXiv-Nummer, DOI oder Adresse",
    "Your saved papers": "Deine gemerkten Artikel",
    "BibTeX of your saved papers, of a day, or of a paper": (
        "BibTeX deiner gemerkten Artikel, eines Tages oder eines Artikels"
    ),
    "Which papers": "Welche Artikel",
    "saved": "gemerkte",
    "One paper: its arXiv id, DOI or address": "Ein Artikel: arXiv-Nummer, DOI oder Adresse",
    "Papers in this message": "Artikel in dieser Nachricht",
    "Why this paper?": "Warum dieser Artikel?",
}

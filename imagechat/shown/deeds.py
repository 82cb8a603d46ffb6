"""Lines of the audit log in words of the locale: people by the names that the list of people has for them, never by ids."""

from collections.abc import Iterator, Mapping

from imagechat.domain.money import HOUSE, dollars
from imagechat.domain.policy import AuditLine
from imagechat.shown.names import Json, Names

GONE = "gone-"
"""What the ids of people begin with who deleted everything of theirs."""
THEMSELVES = {"": "somebody", "terminal": "terminal", HOUSE: "itself"}
"""Who acts without being a person."""


def named_in(line: AuditLine) -> set[str]:
    """The ids of people that a line may name; some are ids of other things."""
    kind, _, of = line.subject.partition(":")
    told = {line.actor, of if kind == "visitor" else line.subject, *(str(line.facts.get(name, "")) for name in ("owner", "search"))}
    return told - {"", *THEMSELVES}


class Deeds:
    """What was done, in words. `called`: the names of those who are still here, by their ids."""

    def __init__(self, names: Names, called: Mapping[str, str]) -> None:
        self.names, self.called = names, called
        self._say = names.locale.say

    def told(self, line: AuditLine) -> Json:
        """When, who, what they did to whom, and what else is worth knowing."""
        key, whom = self._deed(line)
        words = f"people.did.{key}" if self.names.locale.knows(f"people.did.{key}") else "people.did.other"
        return {
            "at": line.at.isoformat(),
            "actor": self.person(line.actor),
            "did": self._say(words, whom=whom, action=line.action),
            "facts": list(self._facts(line)),
        }

    def person(self, id: str) -> str:
        """What somebody is called here; who is gone is said to be."""
        if id in THEMSELVES:
            return self._say(f"people.{THEMSELVES[id]}")
        if id.startswith(GONE):
            return self._say("people.gone", id=id[-6:])
        return self.names.person(self.called.get(id, ""), id)

    def scope(self, scope: str) -> str:
        """Whom a budget is for."""
        kind, _, of = scope.partition(":")
        if kind == "visitor" and of:
            return self.person(of)
        return self._say(f"people.scopes.{of if kind == 'group' else kind}")

    def _deed(self, line: AuditLine) -> tuple[str, str]:
        """The key of the words for a deed, and whom or what they name."""
        plain, facts, subject = line.action.replace(".", "_"), line.facts, line.subject
        match line.action:
            case "budget.set" | "budget.dropped":
                return plain, self.scope(subject)
            case "person.set" if set(facts) == {"disabled"}:
                return "person_off" if facts["disabled"] else "person_on", self.person(subject)
            case "account.made" if subject == line.actor:
                return "account_made_own", ""
            case "login.failed":
                return ("login_failed_unknown" if subject == "unknown" else plain), subject
            case "usage.seen" if not subject:
                return "usage_seen_all", ""
            case "people.looked" if search := str(facts.get("search") or ""):
                return ("people_opened", self.person(search)) if search in self.called else ("people_looked_for", search)
            case "report.picture_seen":
                return plain, self.person(str(facts.get("owner") or ""))
            case _ if line.action.startswith("key."):
                return plain, self.names.provider(subject)
        return plain, self.person(subject)

    def _facts(self, line: AuditLine) -> Iterator[str]:
        for name, value in line.facts.items():
            if value is None or (name == "disabled" and len(line.facts) == 1):
                continue
            key, told = self._fact(name, value)
            if self.names.locale.knows(f"people.facts.{key}"):
                yield self._say(f"people.facts.{key}", value=told)

    def _fact(self, name: str, value: object) -> tuple[str, object]:
        match name:
            case "disabled":
                return ("off" if value else "on"), ""
            case "group" | "role":
                return name, self._say(f"people.{name}s.{value}")
            case "day" | "month" if isinstance(value, int):
                return name, dollars(value)
            case "by" if self.names.locale.knows(f"people.facts.by_{value}"):
                return f"by_{value}", ""
            case "by" | "provider":
                return "by", self.names.provider(str(value))
        return name, value

"""One or two letters for a person's round badge."""

import unicodedata


def initials(name: str) -> str:
    """ "Alice Meyer" → "AM", "王小明" → "小明", "李雷" → "雷": a Chinese family name comes first and says little."""
    words = name.split()
    if not words:
        return "?"
    if _is_han(words[0][0]):
        given = words[-1] if len(words) > 1 else words[0][1:] or words[0]
        return given[-2:]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


def _is_han(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("CJK")

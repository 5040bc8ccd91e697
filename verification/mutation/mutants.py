# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Every small change of a C source that a good test suite should notice.

Operators, constants, conditions, statements and enumerators, found in the syntax tree of libclang.
Text that comes out of a macro is left alone; the macro's own definition is changed instead.
Constants change by one, numbers in tables by one per cent: the last digit of a measured number is
below the resolution of what is made of it.
"""

import dataclasses
import pathlib
import re
from collections.abc import Iterator

import clang.cindex as ci

from verification import tools

SWAPS = {
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "&&": ["||"],
    "||": ["&&"],
    "&": ["|"],
    "|": ["&"],
    "^": ["&"],
    "<<": [">>"],
    ">>": ["<<"],
    "+=": ["-="],
    "-=": ["+="],
    "*=": ["/="],
    "/=": ["*="],
    "%=": ["*="],
    "|=": ["&=", "="],
    "&=": ["|=", "="],
    "^=": ["|=", "="],
}
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)$")
OPERATIONS = (ci.CursorKind.BINARY_OPERATOR, ci.CursorKind.COMPOUND_ASSIGNMENT_OPERATOR)
CHOICES = (ci.CursorKind.IF_STMT, ci.CursorKind.CONDITIONAL_OPERATOR)


@dataclasses.dataclass(frozen=True, order=True)
class Mutant:
    path: pathlib.Path
    start: int  # in bytes, as libclang counts
    end: int
    text: str
    place: str  # the function, or the name of the macro or table
    line: int
    before: str  # the source line ...
    after: str  # ... and what it becomes: with `place` the name of a mutant that survives edits

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


class Mutator:
    """Finds the mutants of one file."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.source = path.read_bytes()
        resources = tools.run([tools.CLANG, "-print-resource-dir"]).stdout.strip()
        arguments = ["-xc", "-std=c11", f"-I{tools.INCLUDE}", "-resource-dir", resources]
        option = ci.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = ci.Index.create().parse(str(path), arguments, options=option)

    def find(self) -> list[Mutant]:
        found: dict[bytes, Mutant] = {}
        for cursor in self.unit.cursor.get_children():
            if cursor.location.file is None or cursor.location.file.name != str(self.path):
                continue
            for start, end, text in self._changes_in(cursor):
                mutant = self._make(start, end, text, cursor.spelling)
                found.setdefault(mutant.apply(self.source), mutant)
        return sorted(found.values())

    def _make(self, start: int, end: int, text: str, place: str) -> Mutant:
        first = self.source.rfind(b"\n", 0, start) + 1
        last = self.source.find(b"\n", end)
        before = self.source[first:last].decode()
        after = (self.source[first:start] + text.encode() + self.source[end:last]).decode()
        line = self.source.count(b"\n", 0, start) + 1
        squeeze = [" ".join(each.split()) for each in (before, after)]
        return Mutant(self.path, start, end, text, place, line, squeeze[0], squeeze[1])

    def _changes_in(self, cursor: ci.Cursor) -> Iterator[tuple[int, int, str]]:
        if cursor.kind == ci.CursorKind.MACRO_DEFINITION:
            for token in list(cursor.get_tokens())[1:]:
                yield from self._numbers(token.extent.start.offset, token.extent.end.offset)
        elif cursor.kind == ci.CursorKind.VAR_DECL:
            for each in cursor.walk_preorder():
                yield from self._changes_of(each, constants_change_by=0.01)
        elif cursor.kind == ci.CursorKind.FUNCTION_DECL:
            for each in cursor.walk_preorder():
                yield from self._changes_of(each)

    def _changes_of(
        self, cursor: ci.Cursor, constants_change_by: float = 0.0
    ) -> Iterator[tuple[int, int, str]]:
        kind, start, end = cursor.kind, cursor.extent.start.offset, cursor.extent.end.offset
        children = list(cursor.get_children())
        if kind in OPERATIONS:
            yield from self._operators(children)
        elif kind == ci.CursorKind.UNARY_OPERATOR:
            yield from self._unary(start, end)
        elif kind == ci.CursorKind.INTEGER_LITERAL:
            yield from self._numbers(start, end, constants_change_by)
        elif kind == ci.CursorKind.DECL_REF_EXPR:
            yield from self._enumerators(cursor, start, end)
        elif kind in CHOICES:
            yield from self._replace(children[0], "1", "0")
        elif kind in (ci.CursorKind.FOR_STMT, ci.CursorKind.WHILE_STMT):
            condition = children[1 if kind == ci.CursorKind.FOR_STMT else 0]
            yield from self._replace(condition, "0")
        elif kind == ci.CursorKind.RETURN_STMT and children:
            yield from self._returns(children[0])
        if kind in (ci.CursorKind.COMPOUND_STMT, *CHOICES[:1], ci.CursorKind.FOR_STMT):
            yield from self._deletions(children)

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()

    def _operators(self, children: list[ci.Cursor]) -> Iterator[tuple[int, int, str]]:
        left, right = children
        start, end = left.extent.end.offset, right.extent.start.offset
        operator = re.fullmatch(r"\)*\s*([-+*/%<>=!&|^]+)\s*\(*", self._text(start, end))
        if operator is None:
            return
        for swap in SWAPS.get(operator[1], []):
            yield start + operator.start(1), start + operator.end(1), swap

    def _unary(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        text = self._text(start, end)
        for operator, other in (("++", "--"), ("--", "++")):
            if text.startswith(operator):
                yield start, start + 2, other
                return
            if text.endswith(operator):
                yield end - 2, end, other
                return
        if text[:1] in ("!", "-", "~"):
            yield start, start + 1, ""

    def _numbers(self, start: int, end: int, share: float = 0.0) -> Iterator[tuple[int, int, str]]:
        text = self._text(start, end)
        others = {"true": "false", "false": "true"}
        if text in others:
            yield start, end, others[text]
        number = NUMBER.fullmatch(text)
        if number is None:
            return
        value = int(number[1], 0)
        by = max(1, round(share * value))
        for other in sorted({value + by, max(value - by, 0)} - {value}):
            yield start, end, f"{other}{number[2]}"

    def _enumerators(
        self, cursor: ci.Cursor, start: int, end: int
    ) -> Iterator[tuple[int, int, str]]:
        """Each enumerator becomes the next one of its enumeration, the last one the first."""
        named = cursor.referenced
        if named is None or named.kind != ci.CursorKind.ENUM_CONSTANT_DECL:
            return
        if self._text(start, end) != cursor.spelling:
            return
        names = [each.spelling for each in named.semantic_parent.get_children()]
        if len(names) > 1:
            yield start, end, names[(names.index(cursor.spelling) + 1) % len(names)]

    def _returns(self, value: ci.Cursor) -> Iterator[tuple[int, int, str]]:
        start, end = value.extent.start.offset, value.extent.end.offset
        function_returns = value.type.get_canonical().kind
        if function_returns in (ci.TypeKind.BOOL, ci.TypeKind.INT) and self._is_own(value):
            yield start, end, f"!({self._text(start, end)})"

    def _replace(self, cursor: ci.Cursor, *texts: str) -> Iterator[tuple[int, int, str]]:
        if self._is_own(cursor):
            for text in texts:
                yield cursor.extent.start.offset, cursor.extent.end.offset, text

    def _deletions(self, statements: list[ci.Cursor]) -> Iterator[tuple[int, int, str]]:
        deletable = (*OPERATIONS, ci.CursorKind.CALL_EXPR, ci.CursorKind.UNARY_OPERATOR)
        jumps = (ci.CursorKind.CONTINUE_STMT, ci.CursorKind.BREAK_STMT)
        for each in statements:
            end = each.extent.end.offset
            is_statement = self.source[end : end + 1] == b";"
            if each.kind in (*deletable, *jumps) and is_statement and self._is_own(each):
                yield each.extent.start.offset, end, "(void)0"

    def _is_own(self, cursor: ci.Cursor) -> bool:
        """Written here, not the result of a macro: its first token is where the cursor says."""
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        return bool(cursor.location.file.name == str(self.path) and 0 <= start < end)


def find_mutants() -> list[Mutant]:
    folder = tools.core_sources()[0].parent
    paths = [*tools.core_sources(), *sorted(folder.glob("*.h"))]
    return [mutant for path in paths for mutant in Mutator(path).find()]

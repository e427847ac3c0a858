"""Parser and deparser: the text of an expression, as ``pg_get_expr`` prints it -> its tree, and back.

:func:`parse` is a precedence-climbing parser over the tokens of :mod:`~pytest_supaseed.constraints.nodes`.
:func:`unchanged_by` decides whether a cast with modifiers can be ignored. :func:`deparse` returns fully parenthesized
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import (
    Array,
    Call,
    CaseExpression,
    Cast,
    Cursor,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
    Token,
    tokens,
)
from pytest_supaseed.model.type_families import TEXT

_OF_TIME = ("time", "timestamp", "interval")
_TEXTS = ("character varying", "varchar", "character", "bpchar", "bit varying")


def unchanged_by(node: Node, type_name: str, modifiers: Sequence[Node]) -> bool:
    """Return whether a cast to a type with modifiers neither rounds nor truncates a constant.

    Args:
        type_name: the type's name as printed, without schema and modifiers.
        modifiers: a length, or precision and scale; names for the fields of an interval, ``day to second``.

    Returns:
        Whether it is a constant with no more digits or characters than the type takes; False where that is
        unknown, as for a column.

    Example:
        >>> unchanged_by(Literal("2020-01-01 00:00:00"), "timestamp without time zone", [Literal("6", "numeric")])
        True
        >>> unchanged_by(Literal("abcdef"), "character varying", [Literal("5", "numeric")])
        False
    """
    try:
        text = constant(node, TEXT)
    except NoConstantError:
        return False
    fields = [each.name for each in modifiers if isinstance(each, Name)]
    written = [each.text or "" for each in modifiers if isinstance(each, Literal)]
    limits = [int(each) for each in written if each.isdecimal()]
    if text is None or len(limits) + len(fields) != len(modifiers) or (fields and fields[-1] != "second"):
        return False
    if not limits:
        return bool(fields)
    if type_name.removesuffix("[]") in _TEXTS:
        # An element is shorter than the text of its array.
        return len(text) <= limits[0]
    if type_name == "bit":
        return len(text) == limits[0]
    if type_name.split(" ")[0] in _OF_TIME and not type_name.endswith("[]"):
        digits = text.partition(".")[2]
        return len(digits) - len(digits.lstrip("0123456789")) <= limits[0]
    return type_name == "numeric" and _fits(text, limits[0], limits[1] if len(limits) > 1 else 0)


def _fits(text: str, precision: int, scale: int) -> bool:
    whole, _, fraction = text.removeprefix("-").partition(".")
    if not (whole + fraction).isdecimal():
        return False
    return len(fraction.rstrip("0")) <= scale and len(whole.lstrip("0")) <= precision - scale


# Deeper than any hand-written constraint, and far below Python's recursion limit.
_DEEPEST = 60
# Comparisons have precedence 4, operators that are not listed 5, as in PostgreSQL's manual.
_COMPARISONS = frozenset(("<", ">", "=", "<=", ">=", "<>", "!="))
_PRECEDENCE = {"+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "^": 8}
_IS_TESTS = frozenset(("null", "true", "false", "unknown", "document", "normalized", "json"))
_JSON_KINDS = frozenset(("value", "scalar", "array", "object", "with", "without", "unique", "keys"))
_FORMS = frozenset(("nfc", "nfd", "nfkc", "nfkd"))
WITHOUT_PARENTHESES = frozenset(
    (
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_user",
        "session_user",
        "current_role",
        "user",
        "current_catalog",
        "current_schema",
    )
)
_SEPARATORS = frozenset(("from", "for", "in", "placing"))
_INTERVAL_FIELDS = frozenset(("year", "month", "day", "hour", "minute", "second", "to"))
_TRIMS = {"both": "btrim", "leading": "ltrim", "trailing": "rtrim"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Parse an expression as ``pg_get_expr`` prints it.

    Raises:
        ExpressionError: the text is no expression, or one that is not understood.

    Example:
        >>> parse("(price > 0)").operands[0]
        Name(name='price', domain=False)
    """
    return _Parser(list(tokens(text))).parse()


class _Parser(Cursor):
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.depth = 0

    def parse(self) -> Node:
        node = self.expression(0)
        if self.position < len(self.tokens):
            raise ExpressionError(f"{self.tokens[self.position].text!r} after the end of the expression")
        return node

    def expression(self, level: int) -> Node:
        """Parse operators that bind at least as tightly as ``level``."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        node = self.prefix()
        while True:
            following = self.infix(node, level)
            if following is None:
                break
            node = following
        self.depth -= 1
        return node

    def prefix(self) -> Node:
        if self.accept("not"):
            return Operation("not", (self.expression(2),))
        token = self.peek()
        if token.kind == "sign" and token.text[0] in "-+*/<>=~!@#%^&|`?":
            self.position += 1
            return Operation(token.text, (self.expression(9),))
        return self.postfix(self.primary())

    def infix(self, left: Node, level: int) -> Node | None:
        for word, own in (("or", 0), ("and", 1)):
            if level <= own and self.at(word):
                operands = [left]
                while self.accept(word):
                    operands.append(self.expression(own + 1))
                return Operation(word, tuple(operands))
        if level <= 3 and self.accept("is"):
            return self.is_test(left)
        if level <= 9 and self.accept("at", "time", "zone"):
            return Operation("at time zone", (left, self.expression(10)))
        if level <= 5 and self.accept("overlaps"):
            return Operation("overlaps", (left, self.expression(6)))
        operator, length = self.operator()
        own = 4 if operator in _COMPARISONS else _PRECEDENCE.get(operator, 5)
        if not operator or own < level:
            return None
        self.position += length
        operator = "<>" if operator == "!=" else operator
        if self.at("any") or self.at("all") or self.at("some"):
            every = self.take().text.lower() == "all"
            self.expect("(")
            right = self.expression(0)
            self.expect(")")
            return Quantified(operator, left, right, every)
        return Operation(operator, (left, self.expression(own + 1)))

    def operator(self) -> tuple[str, int]:
        """Return the next operator, and its number of tokens; empty and 0 where there is none."""
        if self.at("operator", "("):
            length = 2
            while self.peek(length).kind in ("word", "quoted") or self.peek(length).text == ".":
                length += 1
            return self.peek(length).text, length + 2
        token = self.peek()
        if token.kind == "sign" and token.text not in ("(", ")", "[", "]", ",", ".", ":", "::"):
            return token.text, 1
        return "", 0

    def is_test(self, left: Node) -> Node:
        negation = "not " if self.accept("not") else ""
        if self.accept("distinct", "from"):
            return Operation(f"is {negation}distinct from", (left, self.expression(5)))
        word = self.take().text.lower()
        if word in _FORMS and self.accept("normalized"):
            word += " normalized"
        elif word not in _IS_TESTS:
            raise ExpressionError(f"IS {word} is not understood")
        while word.startswith("json") and self.peek().text.lower() in _JSON_KINDS:
            word += f" {self.take().text.lower()}"
        return Operation(f"is {negation}{word}", (left,))

    def postfix(self, node: Node) -> Node:
        while True:
            if self.accept("::"):
                first = self.position
                name, modifiers = self.type()
                modified = bool(modifiers) and not unchanged_by(node, name, modifiers)
                node = Cast(node, name, modified, self.spelling(first))
            elif self.accept("["):
                node = self.subscript(node)
            elif self.at(".") and self.peek(1).kind in ("word", "quoted"):
                self.take()
                node = Call("field of", (node, Literal(self.take().text)))
            elif self.accept("collate"):
                self.take()
                while self.accept("."):
                    self.take()
            else:
                return node

    def subscript(self, node: Node) -> Node:
        """Parse ``x[1]``, or ``x[1:2]``, whose bounds may be missing."""
        low = Literal(None) if self.at(":") else self.expression(0)
        if self.accept(":"):
            high = Literal(None) if self.at("]") else self.expression(0)
            self.expect("]")
            return Call("slice of", (node, low, high))
        self.expect("]")
        return Call("subscript of", (node, low))

    def items(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.accept(end):
            variadic = self.accept("variadic")
            item = self.expression(0)
            found.append(Operation("variadic", (item,)) if variadic else item)
            if not (self.accept(",") or self.at(end)):
                if self.peek().text.lower() not in _SEPARATORS:
                    raise ExpressionError(f"expected {end!r}, found {self.peek().text!r}")
                self.take()
        return tuple(found)

    def primary(self) -> Node:
        token = self.take()
        if token.kind == "string":
            return Literal(token.text)
        if token.kind == "bits":
            return Literal(token.text, "bit")
        if token.kind == "number":
            return Literal(token.text, "numeric")
        if token.text == "(" and token.kind == "sign":
            items = self.items(")")
            return items[0] if len(items) == 1 else Call("row of", items)
        if token.kind == "quoted":
            return self.named(token.text)
        if token.kind != "word":
            raise ExpressionError(f"{token.text!r} is not understood")
        word = token.text.lower()
        if word in ("true", "false"):
            return Literal(word, "boolean")
        if word == "null":
            return Literal(None)
        if word == "row" and self.accept("("):
            return Call("row of", self.items(")"))
        if word == "array" and self.accept("["):
            return Array(self.items("]"))
        if word == "case":
            return self.case()
        if token.text == "VALUE":
            return Name("VALUE", domain=True)
        if word in WITHOUT_PARENTHESES and not self.at("("):
            return Call(word, ())
        return self.named(word if token.text.isascii() else token.text)

    def named(self, name: str) -> Node:
        first = self.position - 1
        while self.at(".") and self.peek(1).kind in ("word", "quoted"):
            self.position += 1
            name = self.take().text
        spelling = self.spelling(first)
        if not self.accept("("):
            return Name(name)
        for word, function in _TRIMS.items():
            if name == "trim" and self.accept(word):
                # TRIM(BOTH 'x' FROM y) is btrim(y, 'x').
                self.accept("from")
                return Call(function, self.items(")")[::-1], function)
        arguments = self.items(")")
        if name == "extract" and arguments and isinstance(arguments[0], Name):
            # The field name was parsed as a column.
            arguments = (Literal(arguments[0].name), *arguments[1:])
        return Call(name, arguments, spelling)

    def case(self) -> Node:
        operand = None if self.at("when") else self.expression(0)
        whens: list[tuple[Node, Node]] = []
        while self.accept("when"):
            when = self.expression(0)
            self.expect("then")
            whens.append((when, self.expression(0)))
        otherwise = self.expression(0) if self.accept("else") else Literal(None)
        self.expect("end")
        if not whens:
            raise ExpressionError("CASE without WHEN")
        return CaseExpression(operand, tuple(whens), otherwise)

    def spelling(self, first: int) -> str:
        """Return the text of the tokens from ``first`` to here."""
        text = ""
        for token in self.tokens[first : self.position]:
            spaced = token.kind in ("word", "quoted", "number") and text[-1:] not in ("", ".", "(", ",")
            word = '"' + token.text.replace('"', '""') + '"' if token.kind == "quoted" else token.text
            text += f" {word}" if spaced else word
        return text

    def type(self) -> tuple[str, tuple[Node, ...]]:
        """Parse a type, and return its name and modifiers."""
        token = self.take()
        if token.kind not in ("word", "quoted"):
            raise ExpressionError(f"{token.text!r} is no type")
        words = [token.text]
        while self.accept("."):
            words = [self.take().text]
        modifiers: tuple[Node, ...] = ()
        if token.kind == "word":
            for pair in (("double", "precision"), ("character", "varying"), ("bit", "varying")):
                if words == [pair[0]] and self.accept(pair[1]):
                    words = list(pair)
            while words == ["interval"] and self.peek().text.lower() in _INTERVAL_FIELDS:
                modifiers = (*modifiers, Name(self.take().text))
        if self.accept("("):
            modifiers += self.items(")")
        for zone in (("with", "time", "zone"), ("without", "time", "zone")):
            if words[0] in ("time", "timestamp") and self.accept(*zone):
                words += zone
        name = " ".join(words)
        while self.at("[", "]"):
            self.position += 2
            name = name.removesuffix("[]") + "[]"
        return name, modifiers


def deparse(node: Node) -> str:
    """Return the SQL text of an expression, which :func:`parse` parses into the same tree.

    Example:
        >>> deparse(Operation("*", (Name("quantity"), Literal("2", "numeric"))))
        '("quantity" * 2)'
    """
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        return "VALUE" if node.domain else identifier(node.name)
    if isinstance(node, Cast):
        return f"({deparse(node.operand)})::{node.spelling or node.type}"
    if isinstance(node, Operation):
        return _operation(node)
    if isinstance(node, Quantified):
        quantifier = "ALL" if node.every else "ANY"
        return f"({deparse(node.left)} {node.operator} {quantifier} ({deparse(node.right)}))"
    if isinstance(node, Array):
        return f"ARRAY[{_listed(node.elements)}]"
    if isinstance(node, CaseExpression):
        return _case(node)
    return _call(node)


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return a text (without NUL) as an SQL string constant."""
    return "'" + text.replace("'", "''") + "'"


def _literal(node: Literal) -> str:
    if node.text is None:
        return "NULL"
    if node.type in ("numeric", "boolean"):
        return node.text
    return ("B" if node.type == "bit" else "") + quoted(node.text)


def _operation(node: Operation) -> str:
    operator, operands = node.operator, [deparse(operand) for operand in node.operands]
    if operator == "variadic":
        return f"VARIADIC {operands[0]}"
    if operator == "not":
        return f"(NOT {operands[0]})"
    if operator[0].isalpha():
        operator = operator.upper()
    if len(operands) > 1:
        return f"({f' {operator} '.join(operands)})"
    return f"({operands[0]} {operator})" if operator.startswith("IS ") else f"({operator} {operands[0]})"


def _case(node: CaseExpression) -> str:
    whens = "".join(f" WHEN {deparse(when)} THEN {deparse(result)}" for when, result in node.whens)
    operand = "" if node.operand is None else f" {deparse(node.operand)}"
    return f"CASE{operand}{whens} ELSE {deparse(node.otherwise)} END"


def _call(node: Call) -> str:
    name, arguments = node.name, node.arguments
    if name == "row of":
        return f"ROW({_listed(arguments)})"
    if name == "subscript of":
        return f"({deparse(arguments[0])})[{deparse(arguments[1])}]"
    if name == "slice of":
        low, high = ("" if limit == Literal(None) else deparse(limit) for limit in arguments[1:])
        return f"({deparse(arguments[0])})[{low}:{high}]"
    if name == "field of":
        return f"({deparse(arguments[0])}).{identifier(_text(arguments[1]))}"
    if name == "extract" and len(arguments) == 2 and _is_text(arguments[0]):
        return f"EXTRACT({identifier(_text(arguments[0]))} FROM {deparse(arguments[1])})"
    if name == "position" and len(arguments) == 2:
        return f"POSITION(({deparse(arguments[0])}) IN ({deparse(arguments[1])}))"
    spelling = node.spelling or name
    if not arguments and name in WITHOUT_PARENTHESES:
        return spelling
    return f"{spelling}({_listed(arguments)})"


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and node.type is None and node.text is not None


def _text(node: Node) -> str:
    return str(node.text) if isinstance(node, Literal) else ""


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(deparse, nodes))

"""Documents that were parsed, analysed and validated before.

Each text is parsed and validated once, each operation of it analysed once per choice of page sizes; refusals are kept
like everything else. The cheap and complete checks come first: length, tokens, the analyser, and only then the
standard rules, some of which are quadratic. Bounded by the length of the texts it keeps.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TokenKind,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.analysis import Analysis, analyse, operations
from schema.transport.errors import LimitExceeded, Malformed
from schema.transport.masking import declined, refused
from settings import Limits

RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
KEPT_CHARACTERS: Final = 1_000_000
KEPT_DOCUMENTS: Final = 1_000
KEPT_ANALYSES: Final = 50
LONGEST_NUMBER: Final = 40
PARSED_TO_THE_LIMIT: Final = "Parsing aborted."


class Refusal(Exception):
    """The document will not be executed; `errors` are as the client may read them."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("refused")
        self.errors = errors


@dataclass(frozen=True)
class Prepared:
    """An operation that may be executed, as far as it can be told without a viewer."""

    document: DocumentNode
    operation: OperationDefinitionNode
    analysis: Analysis

    @property
    def kind(self) -> OperationType:
        return self.operation.operation


@dataclass
class Known:
    """What is remembered of one text. `errors` is None until it was validated."""

    document: DocumentNode | None
    errors: list[GraphQLError] | None = None
    analyses: dict[tuple[object, ...], Analysis] = field(default_factory=dict)
    sized_by: dict[str | None, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Documents:
    """Everything known about documents of one schema."""

    schema: GraphQLSchema
    limits: Limits
    _known: OrderedDict[str, Known] = field(default_factory=OrderedDict)
    _characters: int = 0

    def prepare(self, text: str, operation_name: str | None, variables: Mapping[str, Any]) -> Prepared:
        """The operation to execute. Raises Refusal."""
        try:
            if len(text) > self.limits.document_characters:
                allowed = self.limits.document_characters
                raise LimitExceeded(limit="document_characters", allowed=allowed, found=len(text))
            known = self._lookup(text)
            if known.document is None:
                raise Refusal(known.errors or [])
            operation = choose(known.document, operation_name)
            analysis = self._analysis(known, operation, operation_name, variables)
            check(analysis, operation, self.limits)
        except (Malformed, LimitExceeded) as error:
            raise Refusal([declined(error)]) from None
        if known.errors is None:
            errors = validate(self.schema, known.document, RULES, max_errors=self.limits.errors, hide_suggestions=True)
            known.errors = [refused(error) for error in errors[: self.limits.errors]]
        if known.errors:
            raise Refusal(known.errors)
        return Prepared(known.document, operation, analysis)

    def _lookup(self, text: str) -> Known:
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        known = self._known[text] = self._parsed(text)
        self._characters += len(text)
        while self._characters > KEPT_CHARACTERS or len(self._known) > KEPT_DOCUMENTS:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)
        return known

    def _parsed(self, text: str) -> Known:
        tokens = self.limits.tokens
        try:
            document = parse(text, max_lexical_tokens=tokens, max_comments=tokens)
        except GraphQLError as error:
            if PARSED_TO_THE_LIMIT in error.message:
                limit, allowed = ("depth", self.limits.depth) if "nested" in error.message else ("tokens", tokens)
                return Known(None, [declined(LimitExceeded(limit=limit, allowed=allowed))])
            return Known(None, [refused(error)])
        if not _is_text(document):
            return Known(None, [declined(Malformed("The document holds a value that cannot be accepted."))])
        return Known(document)

    def _analysis(
        self, known: Known, operation: OperationDefinitionNode, name: str | None, variables: Mapping[str, Any]
    ) -> Analysis:
        assert known.document is not None
        sized_by = known.sized_by.get(name)
        if sized_by is not None:
            sizes = (name, *(_size(variables.get(variable, ...)) for variable in sized_by))
            analysis = known.analyses.get(sizes)
            if analysis is not None:
                return analysis
        analysis = analyse(self.schema, known.document, operation, variables, self.limits.page_default)
        known.sized_by[name] = analysis.sized_by
        if len(known.analyses) >= KEPT_ANALYSES:
            known.analyses.clear()
        sizes = (name, *(_size(variables.get(variable, ...)) for variable in analysis.sized_by))
        known.analyses[sizes] = analysis
        return analysis


def choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is meant. Raises Malformed if that cannot be told."""
    candidates = operations(document)
    if name is not None:
        candidates = [o for o in candidates if o.name is not None and o.name.value == name]
        if not candidates:
            raise Malformed("The document has no operation of that name.")
    if not candidates:
        raise Malformed("The document has no operation.")
    if len(candidates) > 1 and name is None:
        raise Malformed("The document has several operations: say which by `operationName`.")
    return candidates[0]


def check(analysis: Analysis, operation: OperationDefinitionNode, limits: Limits) -> None:
    """Raises LimitExceeded for the first limit that the operation does not keep."""
    root_fields = limits.root_fields
    if operation.operation is OperationType.MUTATION:
        root_fields = limits.mutation_root_fields
    for limit, allowed, found in (
        ("fragments", limits.fragments, analysis.fragments),
        ("depth", limits.depth, analysis.depth),
        ("directives", limits.directives, analysis.directives),
        ("aliases", limits.aliases, analysis.aliases),
        ("root_fields", root_fields, analysis.root_fields),
        ("nodes", limits.nodes, analysis.nodes),
        ("cost", limits.cost, analysis.cost),
    ):
        if found > allowed:
            raise LimitExceeded(limit=limit, allowed=allowed, found=found)


def _size(value: object) -> object:
    """What of a variable can change an analysis: its value if it is an integer, else only that it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else (None if value is not ... else ...)


def _is_text(document: DocumentNode) -> bool:
    """Whether no string holds a NUL and no number is absurdly long, wherever in the document they are."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING):
            if token.value is not None and "\0" in token.value:
                return False
        elif token.kind in (TokenKind.INT, TokenKind.FLOAT) and len(token.value or "") > LONGEST_NUMBER:
            return False
        token = token.next
    return True

# ruff: noqa: E501, a corpus reads better with one kind of thing on a line than with one thing on a line
"""Requests that no GraphQL server can like, of no particular schema but for a query type called `Query`.

`bad_requests()` go to the endpoint over HTTP, `bad_messages()` over an acknowledged socket. Whatever the schema, each
has to be answered soon, with a coded error, never with a 5xx, and the server has to live. A schema with more to it adds
its own: `documents(...)` and `coercions(...)` make requests of texts and of values.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

JSON = {"content-type": "application/json"}
STRICT = {**JSON, "accept": "application/graphql-response+json"}


@dataclass(frozen=True)
class BadRequest:
    """`target` is what follows the path of the endpoint."""

    name: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: STRICT)
    method: str = "POST"
    target: str = ""


def bad_requests() -> list[BadRequest]:
    return [
        *no_json(),
        *no_shape(),
        *no_values(),
        *documents(SYNTAX, "syntax"),
        *documents(INVALID, "invalid"),
        *documents(greedy(), "greedy"),
        *coercions(
            "query ($x: String!) { __type(name: $x) { name } }", [None, 1, True, 1.5, [], ["a", "b"], {}, {"a": 1}]
        ),
        *coercions("query ($x: Boolean!) { __typename @include(if: $x) }", [None, 1, 0, "true", "", [], {}, 1.0]),
        *coercions("query ($x: [String!]!) { __typename }", [None, [None], [1], {"a": 1}, [["a"]], 5]),
        *no_headers(),
        *no_get(),
    ]


def of(content: object, **more: Any) -> bytes:
    return json.dumps(content, **more).encode()


def documents(texts: Iterable[str], kind: str) -> Iterator[BadRequest]:
    for text in texts:
        yield BadRequest(f"{kind}: {text[:60]!r} ({len(text)})", of({"query": text}))


def coercions(document: str, values: Iterable[object]) -> Iterator[BadRequest]:
    """The document with each value, and without any, for its variable `x`."""
    yield BadRequest(f"coercion: nothing for {document}", of({"query": document}))
    for value in values:
        body = of({"query": document, "variables": {"x": value}})
        yield BadRequest(f"coercion: {str(value)[:40]} for {document}", body)


def no_json() -> Iterator[BadRequest]:
    bodies: dict[str, bytes] = {
        "nothing": b"",
        "space": b"  \n",
        "a NUL": b"\0",
        "NULs": b"\0" * 1000,
        "a word": b"query",
        "a document": b"{ __typename }",
        "half an object": b'{"query": "{ __typename }"',
        "half a string": b'{"query": "{ __type',
        "a trailing comma": b'{"query": "{ __typename }",}',
        "two objects": b'{"query": "{ __typename }"}{"query": "{ __typename }"}',
        "something after": b'{"query": "{ __typename }"} x',
        "single quotes": b"{'query': '{ __typename }'}",
        "no quotes": b"{query: 1}",
        "a comment": b'/* x */{"query": "{ __typename }"}',
        "NaN": b'{"query": "{ __typename }", "variables": {"x": NaN}}',
        "Infinity": b'{"query": "{ __typename }", "variables": {"x": Infinity}}',
        "a leading zero": b'{"query": "{ __typename }", "variables": {"x": 01}}',
        "a plus": b'{"query": "{ __typename }", "variables": {"x": +1}}',
        "hexadecimal": b'{"query": "{ __typename }", "variables": {"x": 0x10}}',
        "a byte order mark": b'\xef\xbb\xbf{"query": "{ __typename }"}',
        "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
        "UTF-32": '{"query": "{ __typename }"}'.encode("utf-32"),
        "Latin-1": '{"query": "{ __typename } # é"}'.encode("latin-1"),
        "an overlong slash": b'{"query": "{ __typename } # \xc0\xaf"}',
        "a surrogate in UTF-8": b'{"query": "{ __typename } # \xed\xa0\x80"}',
        "half a character": b'{"query": "{ __typename } # \xf0\x9f\x92"}',
        "a byte that never occurs": b'{"query": "{ __typename } # \xff"}',
        "random bytes": bytes(range(256)) * 4,
        "an unknown escape": rb'{"query": "{ __typename } \x41"}',
        "half an escape": rb'{"query": "{ __typename } \u12"}',
        "a line break in a string": b'{"query": "{ __typename }\n"}',
        "a high surrogate": rb'{"query": "{ __typename }", "variables": {"x": "\ud800"}}',
        "a low surrogate": rb'{"query": "{ __typename }", "variables": {"x": "\udc00"}}',
        "surrogates the wrong way round": rb'{"query": "{ __typename }", "variables": {"x": "\udc00\ud800"}}',
        "a surrogate in the document": rb'{"query": "{ __typename } # \ud800"}',
        "a surrogate as a key": rb'{"query": "{ __typename }", "variables": {"\ud800": 1}}',
        "a form": b"query=%7B__typename%7D",
        "multipart": b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--\r\n',
        "too much": of({"query": "{ __typename }", "variables": {"x": "y" * 300_000}}),
        "far too much": b" " * 3_000_000,
        "a megabyte of comment": of({"query": "#" * 1_000_000 + "\n{ __typename }"}),
    }
    for opening in (b"[", b'{"a":', b'[{"a":', b'{"query":"{__typename}","variables":{"x":' + b"["):
        for depth in (1_000, 20_000):
            bodies[f"{depth} times {opening.decode()}"] = opening * depth
    for name, body in bodies.items():
        yield BadRequest(f"no JSON: {name}", body)


ANYTHING: list[object] = [None, 0, 1, -1, 1.5, True, False, "", "x", [], [1], [None], [[]], [{}], {}, {"a": 1}]


def no_shape() -> Iterator[BadRequest]:
    for value in ANYTHING:
        yield BadRequest(f"body: {value!r}", of(value))
        yield BadRequest(f"a batch of: {value!r}", of([value, value]))
    for value in [v for v in ANYTHING if v != "x"]:
        yield BadRequest(f"query: {value!r}", of({"query": value}))
    for value in [v for v in ANYTHING if v is not None and not isinstance(v, str)]:
        yield BadRequest(f"operationName: {value!r}", of({"query": "{ __typename }", "operationName": value}))
    for name in ("variables", "extensions"):
        for value in [v for v in ANYTHING if v is not None and not isinstance(v, dict)]:
            yield BadRequest(f"{name}: {value!r}", of({"query": "{ __typename }", name: value}))
    for size in (2, 10, 1_000):
        yield BadRequest(f"a batch of {size}", of([{"query": "{ __typename }"}] * size))
    yield BadRequest("a typo", of({"qeury": "{ __typename }"}))
    yield BadRequest(
        "only a persisted query", of({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}})
    )
    yield BadRequest("an unknown operation", of({"query": "query A { __typename }", "operationName": "B"}))
    yield BadRequest("a name for the nameless", of({"query": "{ __typename }", "operationName": "B"}))
    yield BadRequest("which of two", of({"query": "query A { __typename } query B { __typename }"}))
    yield BadRequest("a name with a NUL", of({"query": "query A { __typename }", "operationName": "A\0"}))
    yield BadRequest("a name without end", of({"query": "query A { __typename }", "operationName": "A" * 10_000}))


def no_values() -> Iterator[BadRequest]:
    """Values that no schema can take, in every place a value can be."""
    digits = {
        "2^63": str(2**63),
        "-2^63-1": str(-(2**63) - 1),
        "2^64": str(2**64),
        "1e19": "1e19",
        "1e308": "1e308",
        "1e309": "1e309",
        "50 digits": "9" * 50,
        "5,000 digits": "9" * 5_000,
        "a NUL": '"a\\u0000b"',
        "only a NUL": '"\\u0000"',
        "a long text": '"' + "x" * 100_001 + '"',
        "a long list": "[" + "1," * 1_000 + "1]",
        "a very long list": "[" + "1," * 60_000 + "1]",
        "70 lists": "[" * 70 + "]" * 70,
        "70 objects": '{"a":' * 70 + "1" + "}" * 70,
        "900 lists": "[" * 900 + "]" * 900,
        "900 objects": '{"a":' * 900 + "1" + "}" * 900,
        "5,000 lists": "[" * 5_000 + "]" * 5_000,
        "a NUL as a key": '{"a\\u0000": 1}',
        "a long key": '{"' + "k" * 100_001 + '": 1}',
    }
    for name, text in digits.items():
        for place in ('"variables": {"x": %s}', '"variables": {"x": [{"y": %s}]}', '"extensions": {"x": %s}'):
            body = '{"query": "{ __typename }", ' + place % text + "}"
            yield BadRequest(f"value: {name} in {place}", body.encode())


SYNTAX = [
    "{", "}", "{}}", "{ { } }", "(", "query", "query {", "query Q", "mutation", "subscription", "fragment",
    "fragment F", "fragment F on", "fragment on on Query { __typename }", "{ __typename", "{ __typename } }", "{ a( }",
    "{ a() }", "{ a(x) }", "{ a(x:) }", "{ a(x: }", "{ a(: 1) }", "{ a(x: 1", "{ a(x: [1) }", "{ a(x: {) }", "{ a(x: {b}) }",
    '{ a(x: ") }', '{ a(x: "\n") }', '{ a(x: """) }', '{ a(x: "\\x") }', '{ a(x: "\\u12") }', '{ a(x: "\\uD800") }',
    '{ a(x: "\\uDC00\\uD800") }', '{ a(x: "\\u{110000}") }', '{ a(x: "\\u{D800}") }', '{ a(x: "\\u{}") }',
    '{ a(x: "\\u{FFFFFFFFFFFF}") }', "{ a(x: 01) }", "{ a(x: 1.) }", "{ a(x: .5) }", "{ a(x: 1e) }", "{ a(x: 1x) }",
    "{ a(x: -) }", "{ a(x: 0x1) }", "{ a(x: $) }", "{ ... }", "{ ...on }", "{ ...on { a } }", "{ a: }", "{ : a }", "{ a @ }",
    "{ a @include( }", "query ($) { a }", "query ($x) { a }", "query ($x:) { a }", "query ($x: [) { a }", "query ($x: Int!!) { a }",
    "query ($x: Int = $y) { a }", "{ a } { b", "\ufeff{", "\x01", "{ \x7f }", "{ é }", "{ 😀 }", "{ a; b }", "{ a, b | c }", "?",
    "{ a(x: 'b') }", "<query/>", "select * from cases", "{{{{{{{{{{", "[[[[[[[[[[", "{ ..a }", "{ .... a }", "& | = ! $ @",
]  # fmt: skip
"""What is no document."""

INVALID = [
    "{ nothingOfThatName }", "{ __typename { a } }", "{ __schema }", "{ __type }", "{ __type { name } }", "{ __typename(a: 1) }",
    "{ __type(name: 1) { name } }", "{ __type(name: null) { name } }", "{ __type(name: [1]) { name } }", "{ __type(name: {}) { name } }",
    "{ __type(nam: \"x\") { name } }", "{ __type(name: \"x\", name: \"y\") { name } }", "{ __type(name: $x) { name } }",
    "query ($x: Int) { __typename }", "query ($x: Nothing) { __type(name: $x) { name } }", "query ($x: Query) { __type(name: $x) { name } }",
    "query ($x: Int) { __type(name: $x) { name } }", "query ($x: String) { __type(name: $x) { name } }",
    "query ($x: String!, $x: String!) { __type(name: $x) { name } }", "query ($x: String! = 1) { __type(name: $x) { name } }",
    "query ($x: Int = \"a\") { __typename @include(if: $x) }", "{ ...F }", "fragment F on Query { __typename }",
    "{ __typename } fragment F on Query { __typename }", "{ ...F } fragment F on Nothing { a }", "{ ...F } fragment F on String { a }",
    "{ ...F } fragment F on Query { ...F }", "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "{ ...F } fragment F on Query { __schema { ...F } }", "{ ...F ...F } fragment F on Query { a } fragment F on Query { b }",
    "{ ... on Nothing { a } }", "{ ... on String { a } }", "{ ... on __Type { name } }", "{ __schema { ... on Query { __typename } } }",
    "query A { __typename } query A { __typename }", "{ __typename } { __typename }", "{ __typename } query A { __typename }",
    "{ a: __typename a: __schema { __typename } }", "{ x: __type(name: \"a\") { name } x: __type(name: \"b\") { name } }",
    "{ __typename @nothing }", "{ __typename @include }", "{ __typename @include(if: 1) }", "{ __typename @include(if: true) @include(if: true) }",
    "{ __typename @skip(if: $x) }", "query @include(if: true) { __typename }", "{ __typename @deprecated }", "{ __typename @defer }",
    "{ ... @defer { __typename } }", "{ __typename @stream }", "{ __schema { types @stream { name } } }",
    "type Query { a: Int }", "{ __typename } type Query { a: Int }", "schema { query: Query }", "extend type Query { a: Int }",
    "scalar X", "directive @x on FIELD", "{ __typename } directive @x on FIELD", "{ __schema { nothing } }", "{ __schema { types } }",
    "{ __schema { types { name { a } } } }", "{ __type(name: \"Query\") { fields(includeDeprecated: \"x\") { name } } }",
    "{ __type(name: \"Query\") { kind(a: 1) } }", "{ " + "x" * 5_000 + " }", "{ __type(name: \"" + "x" * 500 + "\", " + "y" * 500 + ": 1) { name } }",
    "mutation { nothingOfThatName }", "mutation { __schema { nothing } }", "subscription { nothingOfThatName }",
    "subscription { __typename }", "subscription { a b }",
]  # fmt: skip
"""What is a document, but not one for any schema."""


def greedy() -> list[str]:
    """Documents that ask for more than anybody needs, or that cost more to check than they look."""
    types = "__schema { types { "
    return [
        "{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}",
        "{" + " ".join(f"a{n}: __typename" for n in range(300)) + "}",
        "{" + " ".join(f"a{n}: __typename" for n in range(10_000)) + "}",
        "{" + "__typename " * 21 + "}",
        "{" + "__typename " * 1_500 + "}",
        "{" + "__typename " * 1_990 + "}",
        "{" + "__typename " * 20_000 + "}",
        "{ __schema { " + "queryType { " * 20 + "name" + " }" * 22,
        "{ __type(name: \"Query\") { " + "ofType { " * 20 + "name" + " }" * 22,
        "{ __type(name: \"Query\") { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } }",
        "{ __type(name: \"Query\") { " + "fields { type { " * 40 + "name" + " } }" * 40 + " } }",
        "{" * 199 + "}" * 199,
        "{ a " * 199 + "}" * 199,
        "{ a " * 900,
        "{ a " * 6_000,
        "{ a(x: " + "[" * 100 + "]" * 100 + ") }",
        "{ a(x: " + "[" * 900 + "]" * 900 + ") }",
        "{ a(x: " + "{a: " * 400 + "1" + "}" * 400 + ") }",
        "{ a(x: [" + "1," * 1_900 + "1]) }",
        "query ($x: " + "[" * 150 + "Int" + "]" * 150 + ") { __typename }",
        "query ($x: " + "[" * 900 + "Int" + "]" * 900 + ") { __typename }",
        "query (" + " ".join(f"$x{n}: Int" for n in range(300)) + ") { __typename }",
        *(chain(levels, "__typename", twice) for levels in (20, 40, 60, 90) for twice in (2, 3)),
        chain(150, "__typename", 2),
        chain(60, "__schema { types { name } }", 2),
        *(ring(size) for size in (3, 50, 150)),
        "{ " + " ".join(f"...F{n}" for n in range(120)) + " } " + " ".join(f"fragment F{n} on Query {{ x: __type(name: \"{n}\") {{ name }} }}" for n in range(120)),
        "{ ...A " + " ".join(f"... on Query {{ x: __type(name: \"{n}\") {{ name }} }}" for n in range(100)) + " }",
        "{ __typename " + "@include(if: true) " * 51 + "}",
        "{ __typename " + "@a " * 900 + "}",
        "{ __typename " + "@a(b: 1) " * 300 + "}",
        "query " + "@a " * 900 + "{ __typename }",
        "{ ...F " + "@a " * 60 + "} fragment F on Query " + "@a " * 60 + "{ __typename }",
        "{ " + types + "name " * 1_900 + "} } }",
        "{ " + types + " ".join(f"n{n}: name" for n in range(100)) + " } } }",
        "{ " + (types + "name } } ") * 300 + "}",
        "{ " + " ".join("__schema { types { name } }" for _ in range(25)) + " }",
        "#" * 19_000 + "\n{ nothing }",
        "#\n" * 9_000 + "{ nothing }",
        "{ nothing }" + " " * 30_000,
        "," * 19_000 + "{ nothing }",
        "{ a(x: " + "9" * 5_000 + ") }",
        "{ a(x: 1e" + "9" * 5_000 + ") }",
        "{ __type(name: " + "9" * 5_000 + ") { name } }",
        "{ a(x: -" + "9" * 50 + ") }",
        '{ __type(name: "\\u0000") { name } }',
        '{ __type(name: "a\\u{0}b") { name } }',
        '{ __type(name: "\\u{000000}") { name } }',
        "{ __type(name: \"a\0b\") { name } }",
        "{ __typename \0 }",
        "\0",
        "query Q { __typename } query P { " + types + "name " * 1_900 + "} } }",
        " ".join(f"query Q{n} {{ __typename }}" for n in range(300)),
        " ".join(f"fragment F{n} on Query {{ __typename }}" for n in range(200)) + " { __typename }",
    ]  # fmt: skip


def chain(levels: int, leaf: str, width: int) -> str:
    """Fragments that each spread the next one `width` times: `width ** levels` leaves in a few hundred characters."""
    links = "".join(f"fragment F{n} on Query {{ {f'...F{n + 1} ' * width}}} " for n in range(levels))
    return f"{{ ...F0 nothing }} {links}fragment F{levels} on Query {{ x: {leaf} }}"


def ring(size: int) -> str:
    """Fragments in a circle."""
    links = "".join(f"fragment F{n} on Query {{ ...F{(n + 1) % size} ...F{(n + 2) % size} }} " for n in range(size))
    return "{ ...F0 } " + links


def no_headers() -> Iterator[BadRequest]:
    body = of({"query": "{ __typename }"})
    for content_type in (
        *("", "text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
        *(
            "application/graphql",
            "application/xml",
            "application/json-patch+json",
            "application/jsonx",
            "x/application/json",
        ),
        *("text/plain; application/json", "application/json; charset=utf-16", "application/json; charset=latin-1"),
        *("application/graphql-response+json", "*/*", "application/*", "json", "application/json, text/plain", ";"),
    ):
        yield BadRequest(f"content-type: {content_type}", body, {"content-type": content_type})
    for accept in (
        *("text/html", "text/*", "application/xml", "image/png", "application/json;q=0", "*/*;q=0", "nonsense", ";;;"),
        *("application/json;q=2", "application/json;q=x", "text/event-stream", "multipart/mixed", "*/json", ",,,", "/"),
        *("application/graphql+json", "," * 5_000, "a/b," * 1_000),
    ):
        yield BadRequest(f"accept: {accept[:40]}", body, {**JSON, "accept": accept})
    for encoding in ("gzip", "br", "deflate", "compress", "gzip, identity", "nonsense"):
        yield BadRequest(f"content-encoding: {encoding}", body, {**STRICT, "content-encoding": encoding})
    for authorization in (
        *("Bearer", "Bearer x", "Basic YTpi", "x", "Bearer " + "x" * 9_000, "Bearer a b", "bearer\tx", "Token x"),
        *("Digest a=b", "Bearer null", "Bearer undefined", "Bearer eyJhbGciOiJub25lIn0.e30."),
    ):
        yield BadRequest(f"authorization: {authorization[:40]}", body, {**STRICT, "authorization": authorization})
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"):
        yield BadRequest(f"method: {method}", body, STRICT, method)


def no_get() -> Iterator[BadRequest]:
    for parameters in (
        *({}, {"query": ""}, {"query": "{"}, {"query": "{ nothing }"}, {"query": "mutation { __typename }"}),
        *(
            {"query": "subscription { a }"},
            {"query": "query A { __typename } query B { __typename }"},
            {"quer": "{ a }"},
        ),
        *(
            {"query": "{ __typename }", "variables": text}
            for text in ("1", "[]", '"x"', "{", "nonsense", "[" * 2_000, '{"a": 1e999}')
        ),
        *({"query": "{ __typename }", "extensions": text} for text in ("1", "[]", '"x"', "{", "true")),
        *({"query": "{ __typename }", "operationName": "B"}, {"query": "{ __typename } # \0"}, {"query": "x" * 30_000}),
    ):
        target = "?" + urlencode(parameters)
        yield BadRequest(f"GET {target[:60]}", b"", {"accept": STRICT["accept"]}, "GET", target)
    yield BadRequest("GET bytes that are no text", b"", {"accept": STRICT["accept"]}, "GET", "?query=%ff%fe")


def bad_messages() -> list[tuple[str, str | bytes]]:
    """Frames that end a socket or an operation, each on a socket of its own."""
    payload = {"query": "{ __typename }"}
    ask: dict[str, object] = {"id": "1", "type": "subscribe", "payload": payload}
    frames: list[tuple[str, str | bytes]] = [
        ("nothing", ""),
        ("a word", "hello"),
        ("half a message", '{"type": "subscribe"'),
        ("bytes", json.dumps(ask).encode()),
        ("empty bytes", b""),
        ("5,000 lists", "[" * 5_000),
        ("100,000 digits", '{"type": ' + "9" * 50_000 + "}"),
        ("NaN", '{"type": NaN}'),
        ("a surrogate", '{"type": "\\ud800"}'),
        ("too much", json.dumps({**ask, "payload": {"query": "{ __typename }" + " " * 70_000}})),
        ("far too much", "x" * 1_000_000),
    ]
    frames += [(f"message {value!r}", json.dumps(value)) for value in ANYTHING]
    frames += [(f"type {value!r}", json.dumps({**ask, "type": value})) for value in ANYTHING]
    frames += [
        (f"type {name}", json.dumps({**ask, "type": name}))
        for name in (
            "start",
            "stop",
            "data",
            "next",
            "error",
            "connection_ack",
            "connection_init",
            "connection_terminate",
        )
    ]
    ids = [value for value in ANYTHING if value != "x"]
    frames += [(f"id {value!r}", json.dumps({**ask, "id": value})) for value in [*ids, "x" * 129]]
    frames += [(f"complete {value!r}", json.dumps({"type": "complete", "id": value})) for value in ids]
    frames += [
        ("no id", json.dumps({"type": "subscribe", "payload": payload})),
        ("no payload", '{"type":"subscribe","id":"1"}'),
    ]
    frames += [(f"payload {value!r}", json.dumps({**ask, "payload": value})) for value in ANYTHING]
    for name in ("variables", "extensions"):
        values = [value for value in ANYTHING if value is not None and not isinstance(value, dict)]
        frames += [(f"{name} {v!r}", json.dumps({**ask, "payload": {**payload, name: v}})) for v in values]
    values = [value for value in ANYTHING if value is not None and not isinstance(value, str)]
    frames += [
        (f"operationName {v!r}", json.dumps({**ask, "payload": {**payload, "operationName": v}})) for v in values
    ]
    texts = [*SYNTAX[:20], *INVALID[:20], *greedy()]
    frames += [(f"document {text[:40]!r}", json.dumps({**ask, "payload": {"query": text}})) for text in texts]
    for request in no_values():
        frames.append((request.name, '{"id": "1", "type": "subscribe", "payload": ' + request.body.decode() + "}"))
    return frames

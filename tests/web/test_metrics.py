"""What the process counts, and how it writes it down."""

from datetime import UTC, datetime

from schema.graph import build_schema
from web.metrics import Metrics

STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lines(metrics: Metrics, beginning: str) -> list[str]:
    return [line for line in metrics.text().splitlines() if line.startswith(beginning)]


def test_requests_are_counted_by_path_and_status():
    metrics = Metrics(STARTED)
    for status in (200, 200, 401):
        metrics.note("/graphql", status, 0.001)

    assert lines(metrics, "casegraph_requests_total") == [
        'casegraph_requests_total{path="/graphql",status="200"} 2',
        'casegraph_requests_total{path="/graphql",status="401"} 1',
    ]


def test_buckets_add_up_and_a_request_on_the_bound_is_within_it():
    metrics = Metrics(STARTED)
    for seconds in (0.001, 0.005, 0.006, 30.0):
        metrics.note("/graphql", 200, seconds)
    counts = [int(line.rpartition(" ")[2]) for line in lines(metrics, "casegraph_request_seconds_bucket")]

    assert counts == [2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4]
    assert lines(metrics, "casegraph_request_seconds_count") == ['casegraph_request_seconds_count{path="/graphql"} 4']


def test_nothing_has_happened_yet():
    assert lines(Metrics(STARTED), "casegraph_requests_total") == []


def test_queries_that_the_fast_path_left_are_counted_by_reason():
    reads = build_schema().fast_reads
    assert reads is not None
    reads.taken, reads.left["introspection"] = 3, 2
    metrics = Metrics(STARTED, reads)

    assert lines(metrics, "casegraph_fast_reads") == [
        "casegraph_fast_reads_total 3",
        'casegraph_fast_reads_left_total{reason="introspection"} 2',
    ]

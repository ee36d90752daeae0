"""What the process does, counted in the form that Prometheus reads: where a thing happens it is counted, by one line.

Nothing in a label comes from people: kinds and outcomes only, so that there are few series, and no words among them.
"""

from collections.abc import Callable
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

QUESTIONS = Counter(
    "iqtibas_questions", "Questions, by the kind of chat and what came of them.", ["chat", "result"], registry=REGISTRY
)
SECONDS = Histogram(
    "iqtibas_stage_seconds",
    "Seconds that an update takes: waiting for its turn, answering, sending.",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
POLLS = Counter(
    "iqtibas_polls", "Polls for updates, or looks at the webhook, by what came of them.", ["result"], registry=REGISTRY
)
POSTS = Counter("iqtibas_posts", "Requests to the webhook, by what came of them.", ["result"], registry=REGISTRY)
SENDS = Counter("iqtibas_sends", "Messages to Telegram, by what came of them.", ["result"], registry=REGISTRY)
LIMITED = Counter("iqtibas_limited", "Times that Telegram asked for time (429).", registry=REGISTRY)
REFRESHES = Counter("iqtibas_refreshes", "Looks at the corpus, by what came of them.", ["result"], registry=REGISTRY)
REQUESTS = Counter(
    "iqtibas_web_requests", "Requests of pages, by the page and the status.", ["page", "status"], registry=REGISTRY
)
ERRORS = Counter("iqtibas_errors", "Updates whose handling failed.", registry=REGISTRY)
Info("iqtibas_build", "The version that runs.", registry=REGISTRY).info({"version": version("iqtibas")})

_READ = {
    "waiting": Gauge("iqtibas_waiting_updates", "Updates that wait or are handled.", registry=REGISTRY),
    "dropped": Gauge("iqtibas_dropped_updates", "Updates that were too many, since the start.", registry=REGISTRY),
    "silence": Gauge(
        "iqtibas_poll_age_seconds",
        "Seconds since a poll, or a look at the webhook, last gave a sign.",
        registry=REGISTRY,
    ),
    "documents": Gauge("iqtibas_documents", "Documents that are served.", registry=REGISTRY),
    "passages": Gauge("iqtibas_passages", "Passages that can be found.", registry=REGISTRY),
    "not_read": Gauge("iqtibas_files_not_read", "Files that gave no document.", registry=REGISTRY),
}


def reading(**figures: Callable[[], float]) -> None:
    """From now on those of ``_READ`` with these names are read when they are asked for."""
    for name, read in figures.items():
        _READ[name].set_function(read)

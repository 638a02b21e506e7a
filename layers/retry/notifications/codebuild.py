"""CodeBuild: builds and their phases."""

from notifications.arns import account_of, name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.links import console, is_console
from notifications.models import Link, Notification
from notifications.numbers import duration

FAILED = {"FAILED", "FAULT", "TIMED_OUT", "CLIENT_ERROR"}


def build(body: Body) -> Notification:
    """Return the result of a build, with the phase that failed and its message."""
    detail = body.at("detail")
    state, project = detail.text("build-status", "completed-phase-status"), detail.text("project-name")
    information = detail.at("additional-information")
    phase, message = _failed_phase(information)
    phase = phase or detail.text("completed-phase")
    message = message or detail.text("completed-phase-context").strip("[]: ")
    took = sum(one.number("duration-in-seconds") or 0 for one in information.items("phases"))
    return notification(
        body,
        status=job_status(state),
        label=state,
        title=joined("CodeBuild", project, by=" "),
        summary=joined(f"phase {phase}" if phase else f"build {_words(state)}", hidden("context", message), by=": "),
        facts=(
            ("Initiator", name_of(information.text("initiator"))),
            ("Source", name_of(information.text("source-version"))[:64]),
            ("Started", information.text("build-start-time")),
            ("Duration", duration(took) if took else ""),
        ),
        resources=(detail.text("build-id"), project),
        links=_pages(body, information, detail.text("build-id"), project),
    )


def _words(state: str) -> str:
    return state.lower().replace("_", " ")


def _failed_phase(information: Body) -> tuple[str, str]:
    """Return the first phase that failed and its message."""
    for phase in information.items("phases"):
        if phase.text("phase-status") in FAILED:
            said = (text.strip(": ") for text in phase.texts("phase-context"))
            return phase.text("phase-type"), next(filter(None, said), "")
    return "", ""


def _pages(body: Body, information: Body, build_id: str, project: str) -> tuple[Link, ...]:
    """Return the build's page, and its log, whose address is in the event."""
    log, account = information.text("logs.deep-link"), account_of(build_id) or body.text("account")
    page = "codesuite/codebuild/{account}/projects/{project}/build/{build}/?region={region}"
    build = build_id.rpartition("build/")[2] if ":build/" in build_id else ""
    opened = console(body.text("region"), page, "Open build", account=account, project=project, build=build)
    return (*opened, *((Link("Logs", log),) if is_console(log) else ()))

"""A request -> an allowed, valid call -> its result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Protocol

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel

from aws_actions.calling.allow_list import AllowList, iam_action
from aws_actions.calling.answers import after_ambiguous_attempt, result_of_answer, result_of_error
from aws_actions.calling.operations import check_parameters, idempotency_tokens, is_read, is_recognised
from aws_actions.models import NotAllowed, Request, Result, RoleNotAssumed
from aws_events.strict_json import Invalid, Json
from observability.aws_errors import AWS_ERRORS
from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryBudget, RetryPolicy
from retry_policies.aws import classify_aws_for
from retry_policies.events import hooks_of


class Session(Protocol):
    """The part of a botocore session that is used here."""

    def get_credentials(self) -> Any: ...  # noqa: ANN401 - botocore's, which it does not type

    def get_service_model(self, service_name: str) -> ServiceModel: ...

    def create_client(self, service_name: str, *, config: Config) -> Any: ...  # noqa: ANN401 - each service has its own


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: its model, its client and its retries. It lives as long as the execution environment."""

    name: str
    model: ServiceModel
    read: RetryPolicy
    write: RetryPolicy
    new_client: Callable[[], Any]

    @cached_property
    def client(self) -> Any:  # noqa: ANN401 - each service has its own type
        """Return the client, made at the first call: a refused request needs none."""
        return self.new_client()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call that is allowed and fits the API."""

    service: Service
    operation: OperationModel
    parameters: dict[str, Json] = field(repr=False)
    policy: RetryPolicy

    @property
    def repeatable(self) -> bool:
        """Whether the call may be made twice; if not, it needs a claim."""
        return self.policy.repeatable


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """The calls that are allowed, made in the session of ActionsCallRole."""

    allowed: AllowList
    session: Callable[[], Session]
    config: Config
    read: RetryPolicy
    write: RetryPolicy
    services: dict[str, Service] = field(default_factory=dict)

    def prepare(self, request: Request) -> Prepared:
        """Check the request. Raises Invalid or NotAllowed; nothing has been called then."""
        call = request.call
        action = iam_action(call.service, call.operation)
        if not self.allowed.allows(action):
            raise NotAllowed(action)
        service = self._service(call.service)
        if call.operation not in service.model.operation_names:
            raise Invalid("operation", "is not an operation of this service")
        operation = service.model.operation_model(call.operation)
        parameters = idempotency_tokens(call.service, operation, request.key) | call.parameters
        check_parameters(operation, parameters)
        policy = service.read if is_read(operation) else service.write
        if is_recognised(call.service, operation, parameters):
            policy = policy.with_(repeatable=True)
        return Prepared(service=service, operation=operation, parameters=parameters, policy=policy)

    def make(self, prepared: Prepared, deadline: Deadline, *, within: float) -> Result:
        """Make the call under its policy. No attempt is sent later than `within` seconds from now."""
        service, operation, policy = prepared.service, prepared.operation.name, prepared.policy
        expiry = deadline.at_most(within)
        # The policy starts no attempt without min_attempt_time left; `_attempt` itself checks the expiry.
        deadline = deadline.at_most(expiry.remaining() + policy.min_attempt_time)
        retried: list[ErrorKind] = []
        policy = policy.with_(on_retry=(*hooks_of(policy.on_retry), lambda event: retried.append(event.kind)))
        failure: Exception
        try:
            call = partial(getattr(service.client, xform_name(operation)), **prepared.parameters)
            answer = policy.call(deadline, self._attempt, prepared, call, expiry)
        except (*AWS_ERRORS, DeadlineExceeded, RoleNotAssumed) as error:
            failure = error
        else:
            return result_of_answer(service.name, operation, answer, repeatable=prepared.repeatable)
        result = result_of_error(failure, repeatable=prepared.repeatable)
        return after_ambiguous_attempt(result) if ErrorKind.AMBIGUOUS in retried else result

    def _attempt(
        self, prepared: Prepared, call: Callable[[], Mapping[str, object]], expiry: Deadline
    ) -> Mapping[str, object]:
        """Make one attempt. Check the time after the role is assumed, because that takes time too.

        A call that must not be repeated gets a new connection: a kept one may have died while Lambda was frozen, and
        its reset looks like a lost answer.
        """
        self.session().get_credentials().get_frozen_credentials()
        if not prepared.repeatable:
            prepared.service.client.close()
        if expiry.remaining() <= 0:
            raise DeadlineExceeded("expired")
        return call()

    def _service(self, name: str) -> Service:
        if name not in self.services:
            session = self.session()
            try:
                model = session.get_service_model(name)
            except UnknownServiceError:
                raise Invalid("service", "is not a service of botocore") from None
            classifier, budget = classify_aws_for(name), RetryBudget()
            self.services[name] = Service(
                name=name,
                model=model,
                read=self.read.with_(classifier=classifier, budget=budget),
                write=self.write.with_(classifier=classifier, budget=budget),
                new_client=lambda: session.create_client(name, config=self.config),
            )
        return self.services[name]

import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.session import get_session

from configuration.service_models import FolderLoader, PlainFiles

SERVICES = ("dynamodb", "secretsmanager", "sns", "sqs", "ssm", "sts")


class RecordingFiles(PlainFiles):
    def __init__(self) -> None:
        self.looked_at: list[str] = []

    def exists(self, file_path: str) -> bool:
        self.looked_at.append(file_path)
        return bool(super().exists(file_path))


@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1", "paginators-1"])
@pytest.mark.parametrize("service", SERVICES)
def test_the_models_are_those_that_botocore_loads(service: str, kind: str) -> None:
    try:
        expected = Loader().load_service_model(service, kind)
    except (DataNotFoundError, UnknownServiceError):
        with pytest.raises(DataNotFoundError):
            FolderLoader().load_service_model(service, kind)
    else:
        assert FolderLoader().load_service_model(service, kind) == expected


def test_the_endpoints_are_those_that_botocore_loads() -> None:
    assert FolderLoader().load_data("endpoints") == Loader().load_data("endpoints")


def test_a_client_needs_no_look_at_the_models_of_other_services() -> None:
    files = RecordingFiles()
    model = FolderLoader(file_loader=files).load_service_model("sqs", "service-2")
    assert "SendMessage" in model["operations"]
    assert {path.split("/data/")[1].partition("/")[0] for path in files.looked_at} == {"sqs"}


def test_a_service_that_does_not_exist_is_an_error() -> None:
    session = get_session()
    session.register_component("data_loader", FolderLoader())
    with pytest.raises(UnknownServiceError):
        session.create_client("no-such-service", region_name="eu-west-1")

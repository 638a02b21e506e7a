import pytest

from notifications.arns import account_of, name_of, region_of, with_names

HOME = "eu-west-1:111122223333"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (f"arn:aws:sns:{HOME}:alerts", "alerts"),
        (f"arn:aws:cloudformation:{HOME}:stack/shop/1a2b3c4d", "shop"),
        (f"arn:aws:cloudwatch:{HOME}:alarm:prod/shop: cpu", "prod/shop: cpu"),
        (f"arn:aws:dynamodb:{HOME}:table/orders/stream/2026-01-31T00:00:00.000", "orders"),
        (f"arn:aws:ecr:{HOME}:repository/shop/api", "shop/api"),
        (f"arn:aws:elasticloadbalancing:{HOME}:loadbalancer/app/shop/50dc6c495c0c9188", "shop"),
        (f"arn:aws:elasticloadbalancing:{HOME}:targetgroup/web/6d0ecf831eec9f09", "web"),
        (f"arn:aws:lambda:{HOME}:function:charge:$LATEST", "charge"),
        (f"arn:aws:lambda:{HOME}:function:charge:live", "charge:live"),
        (f"arn:aws:logs:{HOME}:log-group:/aws/lambda/charge:*", "/aws/lambda/charge"),
        ("arn:aws:s3:::invoices/2026/01.pdf", "invoices/2026/01.pdf"),
        (f"arn:aws:secretsmanager:{HOME}:secret:prod/db-a1B2c3", "prod/db"),
        (f"arn:aws:ssm:{HOME}:parameter/shop/db/url", "/shop/db/url"),
        (f"arn:aws:ssm:{HOME}:parameter/url", "url"),
        ("arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com", "Admin/jane@example.com"),
        ("arn:aws-cn:ecs:cn-north-1:111122223333:task/prod/1a2b", "1a2b"),
        ("no ARN", "no ARN"),
        ("", ""),
    ],
)
def test_the_name_of_a_resource_is_the_one_that_people_use(arn: str, name: str) -> None:
    assert name_of(arn) == name


def test_an_arn_has_region_and_account() -> None:
    arn = f"arn:aws:rds:{HOME}:db:orders"
    assert (region_of(arn), account_of(arn)) == ("eu-west-1", "111122223333")
    assert (region_of("orders"), account_of("orders")) == ("", "")


def test_arns_in_a_text_become_names() -> None:
    text = f"User: arn:aws:sts::111122223333:assumed-role/app/i-0a may not send to 'arn:aws:sqs:{HOME}:orders'."
    assert with_names(text) == "User: app/i-0a may not send to 'orders'."

"""Databases, data jobs, backups and objects."""

from notifications.kinds.row import Row
from notifications.matching import event, fields, first_key, text

DATA = (
    Row(
        "RDS event",
        event("aws.rds", "RDS DB *"),
        "rds.event",
        ("rds-failover.json", "rds-cluster-failed.json", "rds-snapshot.json"),
    ),
    Row(
        "RDS message in SNS",
        fields("Event Source", "Source ID", "Event Message"),
        "rds.message",
        ("rds-message.json",),
    ),
    Row("ElastiCache message in SNS", first_key("ElastiCache:"), "elasticache.message", ("elasticache.json",)),
    Row("DMS task", event("aws.dms", "DMS *"), "dms.event", ("dms-failed.json",)),
    Row(
        "DMS message in SNS",
        fields("Event Source", "SourceId", "Event Message"),
        "dms.message",
        ("dms-message.json",),
    ),
    Row(
        "Redshift statement",
        event("aws.redshift-data", "Redshift Data *"),
        "redshift.statement",
        ("redshift-statement.json",),
    ),
    Row(
        "Redshift message in SNS",
        fields("Event Source", "Resource", "Event Message"),
        "redshift.message",
        ("redshift-message.json",),
    ),
    Row("Glue run", event("aws.glue", "Glue *"), "glue.run", ("glue-failed.json",)),
    Row(
        "DynamoDB stream record in Pipes",
        fields("eventSource=aws:dynamodb", "dynamodb.Keys"),
        "dynamodb.stream_record",
        ("dynamodb-stream.json",),
    ),
    Row("Backup job", event("aws.backup"), "backup.event", ("backup-failed.json", "backup-completed.json")),
    Row("Backup text", text(r"An AWS Backup (\w+ )?job "), "backup.message", ("backup.txt", "backup-completed.txt")),
    Row("S3 message", fields("Records.0.s3.bucket.name"), "s3.message", ("s3-object.json",)),
    Row("S3 event", event("aws.s3", "Object *"), "s3.event", ("s3-event.json",)),
    Row("S3 test message", fields("Event=s3:TestEvent"), "s3.connection_test", ("s3-test.json",)),
)

"""Databases, data jobs, backups and objects."""

from notifications.kinds.row import Row
from notifications.matching import event, fields, first_key, text

DATA = (
    Row(
        "RDS event",
        event("aws.rds", "RDS DB *"),
        "databases.rds_event",
        ("rds-failover.json", "rds-cluster-failed.json", "rds-snapshot.json"),
    ),
    Row(
        "RDS message in SNS",
        fields("Event Source", "Source ID", "Event Message"),
        "databases.rds_message",
        ("rds-message.json",),
    ),
    Row(
        "ElastiCache message in SNS", first_key("ElastiCache:"), "databases.elasticache_message", ("elasticache.json",)
    ),
    Row("DMS task", event("aws.dms", "DMS *"), "databases.dms_event", ("dms-failed.json",)),
    Row(
        "Redshift statement",
        event("aws.redshift-data", "Redshift Data *"),
        "databases.redshift_event",
        ("redshift-statement.json",),
    ),
    Row("Glue job", event("aws.glue", "Glue *"), "databases.glue_job", ("glue-failed.json",)),
    Row(
        "Backup job", event("aws.backup", "*"), "storage.backup_event", ("backup-failed.json", "backup-completed.json")
    ),
    Row("Backup text", text(r"An AWS Backup job "), "storage.backup_text", ("backup.txt",)),
    Row("S3 message", fields("Records.0.s3.bucket.name"), "storage.s3_message", ("s3-object.json",)),
    Row("S3 event", event("aws.s3", "Object *"), "storage.s3_event", ("s3-event.json",)),
    Row("S3 test message", fields("Event=s3:TestEvent"), "storage.s3_test", ("s3-test.json",)),
)

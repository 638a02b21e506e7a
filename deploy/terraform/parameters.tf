# Made from template.yaml by `python -m holdfast_cli.checkout.terraform_module`.

locals {
  parameters = {
    ExistingAlertsTopicArn = var.existing_alerts_topic_arn
    AllowedTopicArns       = join(",", var.allowed_topic_arns)
    DirectTopicArn         = var.direct_topic_arn
    DirectAlarmArn         = var.direct_alarm_arn
    DefaultDestination     = var.default_destination
    RoutesParameter        = var.routes_parameter
    AllowedHosts           = var.allowed_hosts
    SlackApiUrl            = var.slack_api_url
    Pictures               = var.pictures
    SecretStore            = var.secret_store
    DestinationsPath       = var.destinations_path
    SecretKeyArn           = var.secret_key_arn
    OpsEmail               = var.ops_email
    OpsTopicArn            = var.ops_topic_arn
    AllowedActions         = var.allowed_actions
    ActionResourceArns     = var.action_resource_arns
    ActionRulesParameter   = var.action_rules_parameter
    Encryption             = var.encryption
    RedriveRate            = var.redrive_rate
    HeartbeatRate          = var.heartbeat_rate
    DigestFrom             = tostring(var.digest_from)
    Pace                   = var.pace
    UnansweredPosts        = var.unanswered_posts
    Architecture           = var.architecture
    LogRetentionDays       = tostring(var.log_retention_days)
    OperationsDashboard    = var.operations_dashboard
  }
}

# Made from template.yaml by `python -m holdfast_cli.checkout.terraform_module`.

variable "existing_alerts_topic_arn" {
  description = "ARN of a standard topic in this account and Region that already carries your alarms. The stack then makes no topic, and that topic's policy decides who may publish. Empty - the stack makes AlertsTopic."
  type        = string
  default     = ""
}

variable "allowed_topic_arns" {
  description = "ARNs of further standard topics that may send to AlertsQueue, also of other accounts; separated by commas, no wildcards. Subscribe AlertsQueue to them from this account, which their policy must allow (sns:Subscribe): a subscription made in another account is never confirmed. Empty - none."
  type        = list(string)
  default     = []
}

variable "direct_topic_arn" {
  description = "ARN of a standard topic in this account and Region that invokes intake without a queue (docs/decisions/direct-mode.md). An alert that intake cannot send to its lane at once goes to AlertsQueue. Empty - all alerts come through AlertsQueue, which is preferred."
  type        = string
  default     = ""
}

variable "direct_alarm_arn" {
  description = "ARN of the alarms that may invoke intake as their Lambda action (docs/decisions/direct-mode.md). In the name '*' stands for any text and '?' for any character, like a blank. The alarms may be in another account. An alert that intake cannot send to its lane at once goes to AlertsQueue. Empty - no alarm."
  type        = string
  default     = ""
}

variable "default_destination" {
  description = "Name of the destination, below DestinationsPath, for alerts without a route and for alerts that their own destination refuses."
  type        = string
  default     = "default"
}

variable "routes_parameter" {
  description = "Name of the String parameter in SSM with the routes document (docs/routes.md). If it does not exist, all alerts go to the default destination. Empty - the stack's name and /routes, so that two stacks share none; a stack whose name begins with aws or ssm must give a name."
  type        = string
  default     = ""
}

variable "allowed_hosts" {
  description = "Hosts that slack_alerts may call, separated by commas - those of the webhooks and of SlackApiUrl. HTTPS only; with Pace=quick, plain HTTP and any port too for hosts that are not Slack's."
  type        = string
  default     = "hooks.slack.com,slack.com,hooks.slack-gov.com,slack-gov.com"
}

variable "slack_api_url" {
  description = "Address of Slack's Web API, used for bot tokens; its host must then be in AllowedHosts. GovSlack - https://slack-gov.com/api."
  type        = string
  default     = "https://slack.com/api"
}

variable "pictures" {
  description = "Whether each ALARM of a metric gets a graph in its thread (docs/messages.md#pictures), at destinations with a bot token that has the scope files:write and is in its channel. slack_alerts may then read graphs of all metrics of this account and Region, and call files.slack.com."
  type        = string
  default     = "off"

  validation {
    condition     = contains(["on", "off"], var.pictures)
    error_message = "Pictures must be on or off."
  }
}

variable "secret_store" {
  description = "Store of the destinations' secrets - ssm (SecureString parameters) or secretsmanager (secrets). The name is the same in both, DestinationsPath/destination."
  type        = string
  default     = "ssm"

  validation {
    condition     = contains(["ssm", "secretsmanager"], var.secret_store)
    error_message = "SecretStore must be ssm or secretsmanager."
  }
}

variable "destinations_path" {
  description = "Path in the store. Below it, each destination's name has its secret - a webhook's URL, or a bot's token and channel. slack_alerts may read no other secret. Empty - the stack's name and /destinations, so that two stacks share none; a stack whose name begins with aws or ssm must give a path."
  type        = string
  default     = ""
}

variable "secret_key_arn" {
  description = "ARN of your own KMS key, if the secrets are encrypted with one. slack_alerts may then decrypt with it, through the store only. Empty - the store's AWS managed key, which needs no permission."
  type        = string
  default     = ""
}

variable "ops_email" {
  description = "E-mail address of operations, notified when an alert cannot be delivered. SNS asks it once for confirmation and sends nothing before. Ignored with OpsTopicArn; one of the two is required."
  type        = string
  default     = ""
}

variable "ops_topic_arn" {
  description = "ARN of an existing topic of operations, notified in place of OpsEmail. Its policy must admit cloudwatch.amazonaws.com and, in another account, the roles of slack_alerts and notices. If it is under a customer managed key, the key must be in the topic's account and Region, and its policy must admit cloudwatch.amazonaws.com and this account (kms:Decrypt, kms:GenerateDataKey*). It must not be a topic that leads to Slack. Empty - the stack makes OpsTopic."
  type        = string
  default     = ""
}

variable "allowed_actions" {
  description = "IAM actions of the AWS calls that messages and alarm rules may make, separated by commas, like ecs:UpdateService,ssm:StartAutomationExecution (docs/actions.md). No wildcards, and nothing that passes or assumes a role. Empty - none, and the stack has no resources for calls."
  type        = string
  default     = ""
}

variable "action_resource_arns" {
  description = "ARNs of the resources on which these actions may be called, separated by commas. Wildcards only after the account. This stack's own resources are always denied. Required with AllowedActions."
  type        = string
  default     = ""
}

variable "action_rules_parameter" {
  description = "Name of the String parameter in SSM with the rules document, which maps alarms to calls (docs/actions.md). If it does not exist, only messages make calls."
  type        = string
  default     = "/holdfast/action-rules"
}

variable "encryption" {
  description = "Encryption at rest of the queues and of the topics before them. sqs-managed - SQS encrypts the queues, the topics are not encrypted, and no publisher needs a permission. customer-key - the stack makes a KMS key, whose policy admits each publisher. An existing topic keeps its own."
  type        = string
  default     = "sqs-managed"

  validation {
    condition     = contains(["sqs-managed", "customer-key"], var.encryption)
    error_message = "Encryption must be sqs-managed or customer-key."
  }
}

variable "redrive_rate" {
  description = "How often redrive returns dead letters to their lane or to intake, at least once an hour; rate(1 minute) ends a backlog soonest. Parked alerts are never returned by schedule. off - only by hand (make redrive)."
  type        = string
  default     = "rate(15 minutes)"
}

variable "heartbeat_rate" {
  description = "How often a heartbeat is published to the alerts topic. It passes intake and slack_alerts and is not posted; an alarm goes into ALARM after an hour without one. A daily test alarm checks that CloudWatch can publish. Other subscribers of an existing topic receive both. off - disables both and their alarms."
  type        = string
  default     = "rate(15 minutes)"

  validation {
    condition     = contains(["off", "rate(5 minutes)", "rate(10 minutes)", "rate(15 minutes)", "rate(30 minutes)"], var.heartbeat_rate)
    error_message = "HeartbeatRate must be off, or rate(5 minutes), rate(10 minutes), rate(15 minutes) or rate(30 minutes)."
  }
}

variable "digest_from" {
  description = "Least number of alerts of one destination in a batch (ten at most) that are posted as one Slack message. 0 - each alert is a message of its own."
  type        = number
  default     = 3

  validation {
    condition     = contains([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], var.digest_from)
    error_message = "DigestFrom must be a whole number from 0 to 10."
  }
}

variable "pace" {
  description = "Speed of retries. standard outlasts hours without Slack. quick gives up within seconds, for demonstrations and tests."
  type        = string
  default     = "standard"

  validation {
    condition     = contains(["standard", "quick"], var.pace)
    error_message = "Pace must be standard or quick."
  }
}

variable "unanswered_posts" {
  description = "Handling of an alert whose post got no answer and may be in the channel. repeat - post it again, marked as a possible duplicate, and park it as delivery_unknown after five such posts if Slack answered another post of the lane. suppress - park it after the first."
  type        = string
  default     = "repeat"

  validation {
    condition     = contains(["repeat", "suppress"], var.unanswered_posts)
    error_message = "UnansweredPosts must be repeat or suppress."
  }
}

variable "architecture" {
  description = "Processor of the functions and their layer. Build for the same value, because the layer holds compiled code."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Architecture must be arm64 or x86_64."
  }
}

variable "log_retention_days" {
  description = "Days to keep the functions' logs. They hold the last reason of each dead letter, so not less than dead letters are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "LogRetentionDays must be a number of days that CloudWatch Logs accepts, 14 at least."
  }
}

variable "operations_dashboard" {
  description = "Whether the stack has a CloudWatch dashboard, three dollars a month for each beyond the three that AWS gives to an account. `holdfast status` needs none."
  type        = string
  default     = "on"

  validation {
    condition     = contains(["on", "off"], var.operations_dashboard)
    error_message = "OperationsDashboard must be on or off."
  }
}

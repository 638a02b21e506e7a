# Made from template.yaml by `python -m holdfast_cli.checkout.terraform_module`.

output "alerts_topic_arn" {
  description = "Topic for the actions of your alarms and the targets of your EventBridge rules."
  value       = aws_cloudformation_stack.holdfast.outputs["AlertsTopicArn"]
}

output "alerts_queue_url" {
  description = "Queue of alerts that intake has not received yet."
  value       = aws_cloudformation_stack.holdfast.outputs["AlertsQueueUrl"]
}

output "lanes_queue_url" {
  description = "Queue of alerts that wait in the lane of their destination. It stays when the stack is deleted."
  value       = aws_cloudformation_stack.holdfast.outputs["LanesQueueUrl"]
}

output "alerts_dead_letter_queue_url" {
  description = "Queue of alerts that did not reach their lane. It stays when the stack is deleted."
  value       = aws_cloudformation_stack.holdfast.outputs["AlertsDeadLetterQueueUrl"]
}

output "lanes_dead_letter_queue_url" {
  description = "Queue of alerts that waited in their lane for 16 hours. It stays when the stack is deleted."
  value       = aws_cloudformation_stack.holdfast.outputs["LanesDeadLetterQueueUrl"]
}

output "parking_queue_url" {
  description = "Queue of alerts that were refused for good, each with its reason. It stays when the stack is deleted."
  value       = aws_cloudformation_stack.holdfast.outputs["ParkingQueueUrl"]
}

output "ops_topic_arn" {
  description = "Topic that reports undelivered alerts."
  value       = aws_cloudformation_stack.holdfast.outputs["OpsTopicArn"]
}

output "intake_function_name" {
  description = "Function that sends alerts to their lanes. Its log says why one waits before its lane."
  value       = aws_cloudformation_stack.holdfast.outputs["IntakeFunctionName"]
}

output "intake_function_arn" {
  description = "Function for the actions of the alarms that fit DirectAlarmArn."
  value       = try(aws_cloudformation_stack.holdfast.outputs["IntakeFunctionArn"], null)
}

output "slack_alerts_function_name" {
  description = "Function that posts to Slack. Its log has the reason of each attempt (sam logs, sam remote invoke)."
  value       = aws_cloudformation_stack.holdfast.outputs["SlackAlertsFunctionName"]
}

output "redrive_function_name" {
  description = "Function that returns undelivered alerts (make redrive, sam remote invoke)."
  value       = aws_cloudformation_stack.holdfast.outputs["RedriveFunctionName"]
}

output "notices_function_name" {
  description = "Function that notifies operations of each arrival in a dead-letter queue or in ParkingQueue."
  value       = aws_cloudformation_stack.holdfast.outputs["NoticesFunctionName"]
}

output "deliveries_table_name" {
  description = "Table of claims and lanes. It has the reason of a parked message that has no room for it (make parked)."
  value       = aws_cloudformation_stack.holdfast.outputs["DeliveriesTableName"]
}

output "retry_layer_arn" {
  description = "Layer version for your own functions. Other stacks read it from the SSM parameter of this stack."
  value       = aws_cloudformation_stack.holdfast.outputs["RetryLayerArn"]
}

output "secret_store" {
  description = "Store of the destinations' secrets (make secret)."
  value       = aws_cloudformation_stack.holdfast.outputs["SecretStore"]
}

output "destinations_path" {
  description = "Path of the destinations' secrets in that store."
  value       = aws_cloudformation_stack.holdfast.outputs["DestinationsPath"]
}

output "default_destination" {
  description = "Destination to store first, because alerts without a route go there."
  value       = aws_cloudformation_stack.holdfast.outputs["DefaultDestination"]
}

output "routes_parameter" {
  description = "SSM parameter for the routes document."
  value       = aws_cloudformation_stack.holdfast.outputs["RoutesParameter"]
}

output "actions_topic_arn" {
  description = "Topic for alarms that have a rule, and for requests."
  value       = try(aws_cloudformation_stack.holdfast.outputs["ActionsTopicArn"], null)
}

output "actions_queue_url" {
  description = "Queue of requests that aws_actions has not received yet."
  value       = try(aws_cloudformation_stack.holdfast.outputs["ActionsQueueUrl"], null)
}

output "actions_dead_letter_queue_url" {
  description = "Queue of requests that were received 20 times without an end. Nothing returns them."
  value       = try(aws_cloudformation_stack.holdfast.outputs["ActionsDeadLetterQueueUrl"], null)
}

output "actions_function_name" {
  description = "Function that makes AWS calls. Its log has the reason of each attempt."
  value       = try(aws_cloudformation_stack.holdfast.outputs["ActionsFunctionName"], null)
}

output "action_rules_parameter" {
  description = "SSM parameter for the rules document."
  value       = try(aws_cloudformation_stack.holdfast.outputs["ActionRulesParameter"], null)
}

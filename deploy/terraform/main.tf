# Holdfast as a CloudFormation stack. The files of a release (docs/release.md) are in a bucket of yours, in the stack's region.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "stack_name" {
  description = "Name of the stack."
  type        = string
  default     = "holdfast"
}

variable "artifacts_bucket" {
  description = "Bucket with the files of the release."
  type        = string
}

variable "artifacts_prefix" {
  description = "Folder of these files in the bucket, like holdfast/0.1.0/."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]+/)*$", var.artifacts_prefix))
    error_message = "artifacts_prefix must be empty or end with a slash."
  }
}

variable "tags" {
  description = "Tags of the stack and of its resources."
  type        = map(string)
  default     = {}
}

data "aws_s3_bucket" "artifacts" {
  bucket = var.artifacts_bucket
}

resource "aws_cloudformation_stack" "holdfast" {
  name         = var.stack_name
  template_url = "https://${data.aws_s3_bucket.artifacts.bucket_regional_domain_name}/${var.artifacts_prefix}template.json"
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
  tags         = var.tags

  parameters = merge(local.parameters, {
    ArtifactsBucket = var.artifacts_bucket
    ArtifactsPrefix = var.artifacts_prefix
  })

  lifecycle {
    precondition {
      condition     = var.ops_email != "" || var.ops_topic_arn != ""
      error_message = "ops_email or ops_topic_arn is required: operations must hear of undelivered alerts without Slack."
    }
  }
}

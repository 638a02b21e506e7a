"""AWS error codes that mean «not done, for now», by service (the name of its boto3 client).

The obstacle ends by itself: another operation on the resource, a lack of capacity, a full quota of things that run and
end. Such a call waits in its queue. An obstacle that ends only if somebody acts is permanent: a quota of things that
stay (topics, tags), a name that is taken, a resource that another one refers to, an outdated version, a wrong value.
A ConflictException is permanent too unless its documentation says that it passes.

`python -m tests.support.aws.passing_codes` lists the codes of all services with the kind that each has here.
"""

RDS_FAMILY = frozenset(
    {
        "InsufficientDBClusterCapacityFault",  # 403: the cluster is too busy
        "InsufficientDBInstanceCapacity",  # AWS has no instance of this class at the moment
        "InsufficientStorageClusterCapacity",  # AWS has no storage at the moment
        "InvalidDBClusterSnapshotStateFault",  # the snapshot is being made or copied
        "InvalidDBClusterStateFault",  # the cluster is being created, changed, backed up, started or stopped
        "InvalidDBInstanceState",  # the instance is being created, changed, backed up, started or stopped
        "InvalidDBParameterGroupState",  # a change of the group is pending
        "InvalidDBSnapshotState",  # the snapshot is being made or copied
        "InvalidEventSubscriptionState",  # somebody else is changing the subscription
        "InvalidGlobalClusterStateFault",  # the global cluster is being changed or is failing over
    }
)

PASSING_BY_SERVICE = {
    "account": frozenset(
        {
            "ConflictException",  # a Region is being enabled or disabled
            "ResourceUnavailableException",  # 424: not available at the moment
        }
    ),
    "acm": frozenset(
        {
            "ConflictException",  # the resource is being created or updated
            "RequestInProgressException",  # the certificate has not been issued yet
        }
    ),
    "acm-pca": frozenset({"RequestInProgressException"}),  # the certificate is being issued
    "apprunner": frozenset({"InvalidStateException"}),  # an operation on the service is in progress
    "appstream": frozenset({"ResourceNotAvailableException"}),  # it exists and is still starting
    "appsync": frozenset({"ConflictException"}),  # the previous update has not propagated
    "autoscaling": frozenset(
        {
            "IdempotentCallInProgress",  # 500: the same request is being processed
            "InstanceRefreshInProgress",  # the refresh of the instances ends
            "ResourceContention",  # 500: an update of the group, an instance or a load balancer is pending
            "ResourceInUse",  # the group still has instances, or another change of it runs
            "ScalingActivityInProgress",  # the scaling ends
            "ServiceLinkedRoleFailure",  # 500: the role is not ready yet
        }
    ),
    "backup": frozenset(
        {
            "ConflictException",  # a previous action is not finished
            "InvalidResourceStateException",  # an action on the recovery point is not finished
        }
    ),
    "backupsearch": frozenset({"ConflictException"}),  # the previous operation has not propagated
    "bedrock-agent-runtime": frozenset({"ModelNotReadyException"}),  # 424: the model is being loaded
    "braket": frozenset({"DeviceOfflineException"}),  # 424: devices have hours of operation
    "budgets": frozenset({"ResourceLockedException"}),  # another change of the budget runs
    "ce": frozenset(
        {
            "BackfillLimitExceededException",  # a backfill is in progress
            "GenerationExistsException",  # an analysis is in progress
        }
    ),
    "chime-sdk-meetings": frozenset({"ConflictException"}),  # the same request was made at the same time
    "chime-sdk-voice": frozenset({"ConflictException"}),  # the same request was made at the same time
    "cloud9": frozenset({"ConcurrentAccessException"}),  # another access to the environment runs
    "cloudcontrol": frozenset(
        {
            "ConcurrentOperationException",  # another operation on the resource runs
            "ResourceConflictException",  # another operation on the resource runs in the resource's own service
        }
    ),
    "cloudformation": frozenset(
        {
            "ConcurrentResourcesLimitExceeded",  # 429: five templates are being generated
            "OperationInProgressException",  # another operation on the stack set runs
            "ResourceScanInProgress",  # a scan of the account runs
        }
    ),
    "cloudfront": frozenset({"TooManyInvalidationsInProgress"}),  # invalidations end in minutes
    "cloudtrail": frozenset(
        {
            "AccountHasOngoingImportException",  # the import ends
            "ConflictException",  # the resource is loading, or another operation modifies it
            "EventDataStoreHasOngoingImportException",  # the import ends
            "MaxConcurrentQueriesException",  # ten queries run
        }
    ),
    "codebuild": frozenset({"AccountLimitExceededException"}),  # of StartBuild: the builds in the queue end
    "codecommit": frozenset({"ConcurrentReferenceUpdateException"}),  # the branch was changed during the merge
    "codedeploy": frozenset(
        {
            "DeploymentAlreadyStartedException",  # another deployment to the target runs
            "DeploymentIsNotInReadyStateException",  # the deployment is not ready yet
            "DeploymentLimitExceededException",  # the deployments that run end
        }
    ),
    "codepipeline": frozenset(
        {
            "ConcurrentPipelineExecutionsLimitExceededException",  # the executions that run end
            "ConflictException",  # the pipeline is busy with activities
        }
    ),
    "cognito-idp": frozenset({"UserImportInProgressException"}),  # the import ends
    "config": frozenset(
        {
            "LimitExceededException",  # of StartConfigRulesEvaluation: one runs, or ran within the minute
            "RemediationInProgressException",  # the remediation ends
            "ResourceConcurrentModificationException",  # two users change the same query
            "ResourceInUseException",  # the rule is being deleted or evaluated
        }
    ),
    "connect": frozenset({"ConflictException"}),  # another operation on the contact runs
    "dax": frozenset(
        {
            "InsufficientClusterCapacityFault",  # AWS has no nodes at the moment
            "InvalidClusterStateFault",  # the cluster is being created, changed or rebooted
        }
    ),
    "dms": frozenset(
        {
            "InsufficientResourceCapacityFault",  # AWS has no replication instance at the moment
            "InvalidResourceStateFault",  # the task or instance is starting, stopping or being changed
        }
    ),
    "docdb": RDS_FAMILY,
    "ds": frozenset(
        {
            "DirectoryUnavailableException",  # the directory is being created, restored or patched
            "DisableAlreadyInProgressException",  # the change of the policy ends
            "EnableAlreadyInProgressException",  # the change of the policy ends
        }
    ),
    "ds-data": frozenset({"DirectoryUnavailableException"}),  # the model calls it retryable
    "dynamodb": frozenset(
        {
            "BackupInUseException",  # another operation on the backup runs
            "LimitExceededException",  # 500 operations on tables run; creating more tables has a quota of its own
            "ResourceInUseException",  # the table or index is being created, updated or deleted
            "TableInUseException",  # the target table is being created or deleted
        }
    ),
    "dynamodbstreams": frozenset({"LimitExceededException"}),  # as in dynamodb
    "ec2": frozenset(  # its model names no errors: these are from the «Error codes» of its API reference
        {
            "BundlingInProgress",  # the instance is being bundled
            "ConcurrentCreateImageNoRebootLimitExceeded",  # images of the instance are being made
            "ConcurrentSnapshotLimitExceeded",  # snapshots of the volume are being made
            "ConcurrentTagAccess",  # another call changes the tags
            "CreditSpecificationUpdateInProgress",  # the change of the credits ends
            "FleetNotInModifiableState",  # a change of the fleet runs
            "IncorrectInstanceState",  # the instance is starting, stopping or rebooting
            "IncorrectModificationState",  # the volume is being modified
            "IncorrectSpotRequestState",  # the spot request is being fulfilled
            "IncorrectState",  # the volume, image or gateway is being attached, detached or made
            "InsufficientAddressCapacity",  # AWS has no addresses at the moment
            "InsufficientCapacity",  # AWS has no capacity at the moment
            "InsufficientCapacityOnHost",  # instances on the host end
            "InsufficientHostCapacity",  # AWS has no host at the moment
            "InsufficientInstanceCapacity",  # AWS has no instances of this type at the moment
            "InsufficientVolumeCapacity",  # AWS has no volumes of this kind at the moment
            "InvalidAMIID.Unavailable",  # the image is being made
            "InvalidCapacityReservationState.PendingActivation",  # the reservation becomes active
            "InvalidHostState",  # the host is being allocated or released
            "InvalidInstanceState",  # the instance is starting, stopping or rebooting
            "InvalidNetworkInterface.InUse",  # the interface is being detached
            "InvalidVpnConnection.InvalidState",  # the connection is being made or changed
            "InvalidVpnGatewayState",  # the gateway is being attached or detached
            "PendingSnapshotLimitExceeded",  # snapshots are being made
            "SnapshotCreationPerVolumeRateExceeded",  # a snapshot of the volume was begun seconds ago
            "Unavailable",  # 503: the server is overloaded
            "UnfulfillableCapacity",  # AWS has no spot instances at the moment
            "VolumeInUse",  # the volume is being detached
            "VolumeModificationRateExceeded",  # the volume was modified within the last hours
        }
    ),
    "ec2-instance-connect": frozenset(
        {
            "EC2InstanceUnavailableException",  # «wait a few minutes»
            "SerialConsoleSessionLimitExceededException",  # the one session ends
            "SerialConsoleSessionUnavailableException",  # «try again»
        }
    ),
    "ecr": frozenset(
        {
            "LifecyclePolicyPreviewInProgressException",  # the preview ends
            "ReplicationBackfillInProgressException",  # the backfill ends
        }
    ),
    "ecs": frozenset({"UpdateInProgressException"}),  # the update of the agent or the cluster ends
    "efs": frozenset(
        {
            "IncorrectFileSystemLifeCycleState",  # the file system is being created, updated or deleted
            "IncorrectMountTargetState",  # the mount target is being created or deleted
            "InsufficientThroughputCapacity",  # 503: AWS has no more throughput at the moment
        }
    ),
    "eks": frozenset(
        {
            "ResourceInUseException",  # an update of the cluster or node group is in progress
            "ResourcePropagationDelayException",  # 428: roles that were just created are propagating
        }
    ),
    "elasticache": frozenset(
        {
            "InsufficientCacheClusterCapacity",  # AWS has no nodes of this type at the moment
            "InvalidCacheClusterState",  # the cluster is being created, changed or snapshotted
            "InvalidCacheParameterGroupState",  # a change of the group is pending
            "InvalidGlobalReplicationGroupState",  # the group is being changed or is failing over
            "InvalidReplicationGroupState",  # the group is being changed or is failing over
            "InvalidServerlessCacheSnapshotStateFault",  # the snapshot is being made or copied
            "InvalidServerlessCacheStateFault",  # the cache is being created or changed
            "InvalidSnapshotState",  # the snapshot is being made or copied
            "InvalidUserGroupState",  # the group is being changed
            "InvalidUserState",  # the user is being changed
            "ServerlessCacheAlreadyUnderMigrationFault",  # the migration ends
        }
    ),
    "elasticbeanstalk": frozenset({"OperationInProgressFailure"}),  # another operation on the environment runs
    "elbv2": frozenset(
        {
            "CapacityReservationPending",  # the reservation is being made
            "HealthUnavailable",  # 500: the health cannot be read at the moment
            "InsufficientCapacity",  # 500: AWS has no capacity to reserve at the moment
            "TrustStoreNotReady",  # the trust store is being created
        }
    ),
    "elementalinference": frozenset({"ConflictException"}),  # the model calls it retryable
    "eventbridgev2": frozenset(
        {
            "InvalidStateException",  # the bus is being created
            "SchemaRegistryUnavailableException",  # the model calls it retryable
        }
    ),
    "firehose": frozenset({"ResourceInUseException"}),  # the stream is being created or its encryption changed
    "fsx": frozenset(
        {
            "BackupBeingCopied",  # the copy ends
            "BackupInProgress",  # the other backup ends
            "BackupRestoring",  # the restore ends
            "DataRepositoryTaskExecuting",  # the task ends
            "SourceBackupUnavailable",  # the backup is being made
        }
    ),
    "gamelift": frozenset(
        {
            "FleetCapacityExceededException",  # game sessions end
            "GameSessionFullException",  # players leave
            "NotReadyException",  # the compute is being validated
            "OutOfCapacityException",  # game servers become free
        }
    ),
    "gameliftstreams": frozenset({"StreamSessionAccessNotReadyException"}),  # the model calls it retryable
    "glacier": frozenset({"InsufficientCapacityException"}),  # AWS has no capacity for expedited retrievals
    "glue": frozenset(
        {
            "ConcurrentRunsExceededException",  # the runs end
            "CrawlerRunningException",  # the crawler's run ends
            "CrawlerStoppingException",  # the crawler stops
            "IllegalSessionStateException",  # the session is being provisioned
            "IntegrationConflictOperationFault",  # another operation on the integration runs
            "InvalidIntegrationStateFault",  # the integration is being created or modified
            "MLTransformNotReadyException",  # the transform is being trained
            "SchedulerTransitioningException",  # the scheduler starts or stops
            "SessionBusyException",  # the session processes another request
        }
    ),
    "greengrassv2": frozenset({"RequestAlreadyInProgressException"}),  # the same request is being processed
    "groundstation": frozenset({"ResourceInUseException"}),  # contacts with the satellite end
    "health": frozenset({"ConcurrentModificationException"}),  # enabling the access takes minutes
    "healthlake": frozenset({"ConflictException"}),  # the data store is in a transition
    "iam": frozenset(
        {
            "ConcurrentModification",  # «wait a few minutes»
            "EntityTemporarilyUnmodifiable",  # the user was deleted and created again minutes ago
            "ReportGenerationLimitExceeded",  # the reports that are being made end
            "ReportInProgress",  # 404: the report is being made
            "RoleModified",  # «wait a few minutes»
        }
    ),
    "imagebuilder": frozenset({"ResourceInUseException"}),  # a build uses the resource
    "inspector": frozenset(
        {
            "AgentsAlreadyRunningAssessmentException",  # the other run on the instance ends
            "AssessmentRunInProgressException",  # the run ends
            "PreviewGenerationInProgressException",  # the preview ends
        }
    ),
    "inspector2": frozenset({"ConflictException"}),  # another request modifies the resource
    "iot": frozenset(
        {
            "ConflictingResourceUpdateException",  # another update is pending
            "IndexNotReadyException",  # the index is being built
        }
    ),
    "iotsitewise": frozenset({"ConflictingOperationException"}),  # another operation on the resource runs
    "kafka": frozenset({"ReassignmentInProgressException"}),  # partitions are being reassigned
    "keyspaces": frozenset({"ConflictException"}),  # an action on the table is in progress
    "kinesis": frozenset({"ResourceInUseException"}),  # the stream is being created, resharded or deleted
    "kinesisanalytics": frozenset({"ResourceInUseException"}),  # the application is starting, stopping or updating
    "kinesisanalyticsv2": frozenset({"ResourceInUseException"}),  # as in kinesisanalytics, or a snapshot is being made
    "kms": frozenset(
        {
            "ConflictException",  # the key is being rotated
            "KeyUnavailableException",  # 500: «you can retry the request»
        }
    ),
    "lakeformation": frozenset(
        {
            "StatisticsNotReadyYetException",  # 420: the query is being planned
            "TransactionCommitInProgressException",  # the commit ends
            "WorkUnitsNotReadyYetException",  # 420: the query is being planned
        }
    ),
    "lambda": frozenset(
        {
            "CodeArtifactUserPendingException",  # the function becomes active
            "ResourceInUseException",  # the event source mapping is being created, updated or deleted
        }
    ),
    "lambda-microvms": frozenset(
        {
            "ConflictException",  # the model calls it retryable
            "InsufficientCapacityException",  # 500: AWS has no capacity at the moment
            "ResourceConflictException",  # another operation is in progress
        }
    ),
    "lex-models": frozenset({"ConflictException"}),  # «try your request again»
    "lexv2-models": frozenset({"ConflictException"}),  # the bot is being created or built
    "license-manager": frozenset({"ConflictException"}),  # «try your request again»
    "lightsail": frozenset(
        {
            "AccountSetupInProgressException",  # the account is being set up
            "RegionSetupInProgressException",  # the Region is being set up
        }
    ),
    "logs": frozenset({"LimitExceededException"}),  # of StartQuery and CreateExportTask: those that run end
    "marketplace-catalog": frozenset(
        {
            "ResourceInUseException",  # 423: another change set has the entity
            "ServiceQuotaExceededException",  # the open requests end
        }
    ),
    "mediaconnect": frozenset({"ConflictException"}),  # the model calls it retryable
    "mediastore": frozenset({"ContainerInUseException"}),  # the container is being updated
    "memorydb": frozenset(
        {
            "InsufficientClusterCapacityFault",  # AWS has no nodes at the moment
            "InvalidACLStateFault",  # the list is being changed
            "InvalidClusterStateFault",  # the cluster is being created, changed or snapshotted
            "InvalidMultiRegionClusterStateFault",  # the multi-Region cluster is being created or changed
            "InvalidNodeStateFault",  # the node is being replaced
            "InvalidParameterGroupStateFault",  # a change of the group is pending
            "InvalidSnapshotStateFault",  # the snapshot is being made or copied
            "InvalidUserStateFault",  # the user is being changed
        }
    ),
    "migrationhuborchestrator": frozenset({"ConflictException"}),  # the model calls it retryable
    "neptune": RDS_FAMILY | {"InvalidDBClusterEndpointStateFault"},  # the endpoint is being created or changed
    "neptunedata": frozenset({"QueryLimitExceededException"}),  # 500: too many queries run
    "network-firewall": frozenset({"InsufficientCapacityException"}),  # AWS has no capacity at the moment
    "opensearchmemory": frozenset({"ConflictException"}),  # the space is being created, updated or deleted
    "organizations": frozenset(
        {
            "FinalizingOrganizationException",  # the organization is being set up, up to an hour
            "PolicyChangesInProgressException",  # the change of the policies ends
        }
    ),
    "pca-connector-ad": frozenset({"ConflictException"}),  # another request modifies the resource
    "pca-connector-scep": frozenset({"ConflictException"}),  # another request modifies the resource
    "pcs": frozenset({"ConflictException"}),  # another operation on the cluster runs
    "personalize": frozenset({"ResourceInUseException"}),  # an import or a training runs
    "pinpoint-sms-voice-v2": frozenset({"ConflictException"}),  # another operation on the resource runs
    "quicksight": frozenset({"ConcurrentUpdatingException"}),  # 500: an operation must complete first
    "rds": RDS_FAMILY
    | {
        "DBInstanceNotReady",  # the instance was paused
        "IntegrationConflictOperationFault",  # another operation on the integration runs
        "InvalidDBClusterEndpointStateFault",  # the endpoint is being created or changed
        "InvalidDBProxyEndpointStateFault",  # the proxy's endpoint is being created or changed
        "InvalidDBProxyStateFault",  # the proxy is being created or changed
        "InvalidDBShardGroupState",  # the group is being created, changed or rebooted
        "InvalidIntegrationStateFault",  # the integration is being created or modified
        "InvalidOptionGroupStateFault",  # the group is being changed
        "InvalidResourceStateFault",  # another operation is in progress
    },
    "rds-data": frozenset(
        {
            "DatabaseResumingException",  # the database resumes in seconds
            "DatabaseUnavailableException",  # 504: the writer is not available, so no statement was run
        }
    ),
    "redshift": frozenset(
        {
            "CopyToRegionDisabledFault",  # «temporarily disabled»
            "DependentServiceUnavailableFault",  # «wait 30 to 60 seconds»
            "InProgressTableRestoreQuotaExceededFault",  # the restores end
            "InsufficientClusterCapacity",  # AWS has no nodes at the moment
            "IntegrationConflictOperationFault",  # another operation on the integration runs
            "IntegrationConflictStateFault",  # the integration is being created or modified
            "InvalidClusterParameterGroupState",  # another task uses the group
            "InvalidClusterSnapshotState",  # the snapshot is being made
            "InvalidClusterState",  # the cluster is being created, resized, paused or resumed
            "InvalidEndpointState",  # the endpoint is being created or changed
            "SnapshotCopyDisabledFault",  # «temporarily disabled»
            "SnapshotScheduleUpdateInProgress",  # the update of the schedule ends
        }
    ),
    "redshift-data": frozenset(
        {
            "ActiveSessionsExceededException",  # sessions end
            "ActiveStatementsExceededException",  # statements end
            "ActiveWaitingRequestsExceededException",  # requests that wait end
        }
    ),
    "redshift-serverless": frozenset({"InsufficientCapacityException"}),  # the model calls it retryable
    "rekognition": frozenset({"LimitExceededException"}),  # too many jobs run
    "resiliencehub": frozenset({"ConflictException"}),  # the previous write has not propagated
    "route53-recovery-cluster": frozenset(
        {
            "ConflictException",  # «try again»
            "EndpointTemporarilyUnavailableException",  # this endpoint of the cluster does not answer
        }
    ),
    "route53domains": frozenset(
        {
            "DuplicateRequest",  # the request is in progress
            "OperationLimitExceeded",  # operations end
            "TLDInMaintenance",  # the registry is under maintenance
        }
    ),
    "s3tables": frozenset({"ConflictException"}),  # «you can retry the request»
    "sagemaker": frozenset({"ResourceInUse"}),  # the resource is being created or updated
    "securityhub": frozenset({"ResourceInUseException"}),  # the control is being updated
    "securitylake": frozenset({"ConflictException"}),  # the previous write has not propagated
    "servicediscovery": frozenset({"DuplicateRequest"}),  # the operation is in progress
    "sns": frozenset(
        {
            "ConcurrentAccess",  # another operation on the tags runs
            "ReplayLimitExceeded",  # 403: replays end
            "StaleTag",  # «wait a short while»
        }
    ),
    "sqs": frozenset(
        {
            "AWS.SimpleQueueService.PurgeQueueInProgress",  # PurgeQueueInProgress by its query name
            "AWS.SimpleQueueService.QueueDeletedRecently",  # QueueDeletedRecently by its query name
            "PurgeQueueInProgress",  # one purge a minute
            "QueueDeletedRecently",  # a name is free after a minute
        }
    ),
    "ssm": frozenset(
        {
            "AutomationExecutionLimitExceededException",  # the executions that run end
            "ConflictException",  # a concurrent request
            "OpsMetadataTooManyUpdatesException",  # «wait a few moments»
            "ResourceDataSyncConflictException",  # another update is being processed
        }
    ),
    "ssm-quicksetup": frozenset({"ConflictException"}),  # another request is being processed
    "sso-admin": frozenset({"ConflictException"}),  # the previous write has not propagated
    "stepfunctions": frozenset(
        {
            "ActivityWorkerLimitExceeded",  # workers stop polling
            "ConflictException",  # another request changes the versions of the state machine
            "ExecutionLimitExceeded",  # executions end
        }
    ),
    "synthetics": frozenset({"ConflictException"}),  # an operation on the canary is in progress
    "textract": frozenset({"LimitExceededException"}),  # too many jobs run
    "transfer": frozenset({"ConflictException"}),  # the endpoint of the server is being changed
    "translate": frozenset({"ConflictException"}),  # «try your request again»
    "verifiedpermissions": frozenset({"ConflictException"}),  # another request modifies the resource
    "waf": frozenset({"WAFServiceLinkedRoleErrorException"}),  # the role is locked for 20 seconds
    "waf-regional": frozenset(
        {
            "WAFServiceLinkedRoleErrorException",  # the role is locked for 20 seconds
            "WAFUnavailableEntityException",  # the entity is being created
        }
    ),
    "wafv2": frozenset(
        {
            "WAFServiceLinkedRoleErrorException",  # the role is locked for 20 seconds
            "WAFUnavailableEntityException",  # the entity is being created
        }
    ),
    "workdocs": frozenset({"ConflictingOperationException"}),  # another operation on the resource runs
    "workspaces": frozenset(
        {
            "InvalidResourceStateException",  # the WorkSpace is starting, stopping or being rebuilt
            "OperationInProgressException",  # its properties are being modified
            "ResourceInUseException",  # applications are being installed
            "ResourceUnavailableException",  # the resource is not available at the moment
        }
    ),
}

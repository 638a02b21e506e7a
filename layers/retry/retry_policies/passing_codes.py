"""AWS error codes that mean «not done, for now», by service (the name of its boto3 client).

The obstacle ends by itself: another operation on the resource, a lack of capacity, a full quota of things that run and
end. Such a call waits in its queue. An obstacle that ends only if somebody acts is permanent: a quota of things that
stay (topics, tags), a name that is taken, a resource that another one refers to, an outdated version, a wrong value.
A ConflictException is permanent too unless its documentation says that it passes.

`python -m tests.support.aws.passing_codes` lists the codes of all services with the kind that each has here.
"""

TABLE = """\
account ConflictException: a Region is being enabled or disabled
account ResourceUnavailableException: 424, not available at the moment
acm ConflictException: the resource is being created or updated
acm RequestInProgressException: the certificate has not been issued yet
acm-pca RequestInProgressException: the certificate is being issued
apprunner InvalidStateException: an operation on the service is in progress
appstream ResourceNotAvailableException: it exists and is still starting
appsync ConflictException: the previous update has not propagated
autoscaling IdempotentCallInProgress: 500, the same request is being processed
autoscaling InstanceRefreshInProgress: the refresh of the instances ends
autoscaling ResourceContention: 500, an update of the group, an instance or a load balancer is pending
autoscaling ResourceInUse: the group still has instances, or another change of it runs
autoscaling ScalingActivityInProgress: the scaling ends
autoscaling ServiceLinkedRoleFailure: 500, the role is not ready yet
backup ConflictException: a previous action is not finished
backup InvalidResourceStateException: an action on the recovery point is not finished
backupsearch ConflictException: the previous operation has not propagated
bedrock-agent-runtime ModelNotReadyException: 424, the model is being loaded
braket DeviceOfflineException: 424, devices have hours of operation
budgets ResourceLockedException: another change of the budget runs
ce BackfillLimitExceededException: a backfill is in progress
ce GenerationExistsException: an analysis is in progress
chime-sdk-meetings,chime-sdk-voice ConflictException: the same request was made at the same time
cloud9 ConcurrentAccessException: another access to the environment runs
cloudcontrol ConcurrentOperationException: another operation on the resource runs
cloudcontrol ResourceConflictException: another operation on the resource runs in the resource's own service
cloudformation ConcurrentResourcesLimitExceeded: 429, five templates are being generated
cloudformation OperationInProgressException: another operation on the stack set runs
cloudformation ResourceScanInProgress: a scan of the account runs
cloudfront TooManyInvalidationsInProgress: invalidations end in minutes
cloudtrail AccountHasOngoingImportException: the import ends
cloudtrail ConflictException: the resource is loading, or another operation modifies it
cloudtrail EventDataStoreHasOngoingImportException: the import ends
cloudtrail MaxConcurrentQueriesException: ten queries run
codebuild AccountLimitExceededException: of StartBuild: the builds in the queue end
codecommit ConcurrentReferenceUpdateException: the branch was changed during the merge
codedeploy DeploymentAlreadyStartedException: another deployment to the target runs
codedeploy DeploymentIsNotInReadyStateException: the deployment is not ready yet
codedeploy DeploymentLimitExceededException: the deployments that run end
codepipeline ConcurrentPipelineExecutionsLimitExceededException: the executions that run end
codepipeline ConflictException: the pipeline is busy with activities
cognito-idp UserImportInProgressException: the import ends
config LimitExceededException: of StartConfigRulesEvaluation: one runs, or ran within the minute
config RemediationInProgressException: the remediation ends
config ResourceConcurrentModificationException: two users change the same query
config ResourceInUseException: the rule is being deleted or evaluated
connect ConflictException: another operation on the contact runs
dax InsufficientClusterCapacityFault: AWS has no nodes at the moment
dax InvalidClusterStateFault: the cluster is being created, changed or rebooted
dms InsufficientResourceCapacityFault: AWS has no replication instance at the moment
dms InvalidResourceStateFault: the task or instance is starting, stopping or being changed
docdb,neptune,rds InsufficientDBClusterCapacityFault: 403, the cluster is too busy
docdb,neptune,rds InsufficientDBInstanceCapacity: AWS has no instance of this class at the moment
docdb,neptune,rds InsufficientStorageClusterCapacity: AWS has no storage at the moment
docdb,neptune,rds InvalidDBClusterSnapshotStateFault: the snapshot is being made or copied
docdb,neptune,rds InvalidDBClusterStateFault: the cluster is being created, changed, backed up, started or stopped
docdb,neptune,rds InvalidDBInstanceState: the instance is being created, changed, backed up, started or stopped
docdb,neptune,rds InvalidDBParameterGroupState: a change of the group is pending
docdb,neptune,rds InvalidDBSnapshotState: the snapshot is being made or copied
docdb,neptune,rds InvalidEventSubscriptionState: somebody else is changing the subscription
docdb,neptune,rds InvalidGlobalClusterStateFault: the global cluster is being changed or is failing over
ds DirectoryUnavailableException: the directory is being created, restored or patched
ds DisableAlreadyInProgressException: the change of the policy ends
ds EnableAlreadyInProgressException: the change of the policy ends
ds-data DirectoryUnavailableException: the model calls it retryable
dynamodb BackupInUseException: another operation on the backup runs
dynamodb LimitExceededException: 500 operations on tables run; creating more tables has a quota of its own
dynamodb ResourceInUseException: the table or index is being created, updated or deleted
dynamodb TableInUseException: the target table is being created or deleted
dynamodbstreams LimitExceededException: as in dynamodb
ec2 BundlingInProgress: the instance is being bundled
ec2 ConcurrentCreateImageNoRebootLimitExceeded: images of the instance are being made
ec2 ConcurrentSnapshotLimitExceeded: snapshots of the volume are being made
ec2 ConcurrentTagAccess: another call changes the tags
ec2 CreditSpecificationUpdateInProgress: the change of the credits ends
ec2 FleetNotInModifiableState: a change of the fleet runs
ec2 IncorrectInstanceState: the instance is starting, stopping or rebooting
ec2 IncorrectModificationState: the volume is being modified
ec2 IncorrectSpotRequestState: the spot request is being fulfilled
ec2 IncorrectState: the volume, image or gateway is being attached, detached or made
ec2 InsufficientAddressCapacity: AWS has no addresses at the moment
ec2 InsufficientCapacity: AWS has no capacity at the moment
ec2 InsufficientCapacityOnHost: instances on the host end
ec2 InsufficientHostCapacity: AWS has no host at the moment
ec2 InsufficientInstanceCapacity: AWS has no instances of this type at the moment
ec2 InsufficientVolumeCapacity: AWS has no volumes of this kind at the moment
ec2 InvalidAMIID.Unavailable: the image is being made
ec2 InvalidCapacityReservationState.PendingActivation: the reservation becomes active
ec2 InvalidHostState: the host is being allocated or released
ec2 InvalidInstanceState: the instance is starting, stopping or rebooting
ec2 InvalidNetworkInterface.InUse: the interface is being detached
ec2 InvalidVpnConnection.InvalidState: the connection is being made or changed
ec2 InvalidVpnGatewayState: the gateway is being attached or detached
ec2 PendingSnapshotLimitExceeded: snapshots are being made
ec2 SnapshotCreationPerVolumeRateExceeded: a snapshot of the volume was begun seconds ago
ec2 Unavailable: 503, the server is overloaded
ec2 UnfulfillableCapacity: AWS has no spot instances at the moment
ec2 VolumeInUse: the volume is being detached
ec2 VolumeModificationRateExceeded: the volume was modified within the last hours
ec2-instance-connect EC2InstanceUnavailableException: «wait a few minutes»
ec2-instance-connect SerialConsoleSessionLimitExceededException: the one session ends
ec2-instance-connect SerialConsoleSessionUnavailableException: «try again»
ecr LifecyclePolicyPreviewInProgressException: the preview ends
ecr ReplicationBackfillInProgressException: the backfill ends
ecs UpdateInProgressException: the update of the agent or the cluster ends
efs IncorrectFileSystemLifeCycleState: the file system is being created, updated or deleted
efs IncorrectMountTargetState: the mount target is being created or deleted
efs InsufficientThroughputCapacity: 503, AWS has no more throughput at the moment
eks ResourceInUseException: an update of the cluster or node group is in progress
eks ResourcePropagationDelayException: 428, roles that were just created are propagating
elasticache InsufficientCacheClusterCapacity: AWS has no nodes of this type at the moment
elasticache InvalidCacheClusterState: the cluster is being created, changed or snapshotted
elasticache InvalidCacheParameterGroupState: a change of the group is pending
elasticache InvalidGlobalReplicationGroupState: the group is being changed or is failing over
elasticache InvalidReplicationGroupState: the group is being changed or is failing over
elasticache InvalidServerlessCacheSnapshotStateFault: the snapshot is being made or copied
elasticache InvalidServerlessCacheStateFault: the cache is being created or changed
elasticache InvalidSnapshotState: the snapshot is being made or copied
elasticache InvalidUserGroupState: the group is being changed
elasticache InvalidUserState: the user is being changed
elasticache ServerlessCacheAlreadyUnderMigrationFault: the migration ends
elasticbeanstalk OperationInProgressFailure: another operation on the environment runs
elbv2 CapacityReservationPending: the reservation is being made
elbv2 HealthUnavailable: 500, the health cannot be read at the moment
elbv2 InsufficientCapacity: 500, AWS has no capacity to reserve at the moment
elbv2 TrustStoreNotReady: the trust store is being created
elementalinference ConflictException: the model calls it retryable
eventbridgev2 InvalidStateException: the bus is being created
eventbridgev2 SchemaRegistryUnavailableException: the model calls it retryable
firehose ResourceInUseException: the stream is being created or its encryption changed
fsx BackupBeingCopied: the copy ends
fsx BackupInProgress: the other backup ends
fsx BackupRestoring: the restore ends
fsx DataRepositoryTaskExecuting: the task ends
fsx SourceBackupUnavailable: the backup is being made
gamelift FleetCapacityExceededException: game sessions end
gamelift GameSessionFullException: players leave
gamelift NotReadyException: the compute is being validated
gamelift OutOfCapacityException: game servers become free
gameliftstreams StreamSessionAccessNotReadyException: the model calls it retryable
glacier InsufficientCapacityException: AWS has no capacity for expedited retrievals
glue ConcurrentRunsExceededException: the runs end
glue CrawlerRunningException: the crawler's run ends
glue CrawlerStoppingException: the crawler stops
glue IllegalSessionStateException: the session is being provisioned
glue IntegrationConflictOperationFault: another operation on the integration runs
glue InvalidIntegrationStateFault: the integration is being created or modified
glue MLTransformNotReadyException: the transform is being trained
glue SchedulerTransitioningException: the scheduler starts or stops
glue SessionBusyException: the session processes another request
greengrassv2 RequestAlreadyInProgressException: the same request is being processed
groundstation ResourceInUseException: contacts with the satellite end
health ConcurrentModificationException: enabling the access takes minutes
healthlake ConflictException: the data store is in a transition
iam ConcurrentModification: «wait a few minutes»
iam EntityTemporarilyUnmodifiable: the user was deleted and created again minutes ago
iam ReportGenerationLimitExceeded: the reports that are being made end
iam ReportInProgress: 404, the report is being made
iam RoleModified: «wait a few minutes»
imagebuilder ResourceInUseException: a build uses the resource
inspector AgentsAlreadyRunningAssessmentException: the other run on the instance ends
inspector AssessmentRunInProgressException: the run ends
inspector PreviewGenerationInProgressException: the preview ends
inspector2 ConflictException: another request modifies the resource
iot ConflictingResourceUpdateException: another update is pending
iot IndexNotReadyException: the index is being built
iotsitewise ConflictingOperationException: another operation on the resource runs
kafka ReassignmentInProgressException: partitions are being reassigned
keyspaces ConflictException: an action on the table is in progress
kinesis ResourceInUseException: the stream is being created, resharded or deleted
kinesisanalytics ResourceInUseException: the application is starting, stopping or updating
kinesisanalyticsv2 ResourceInUseException: as in kinesisanalytics, or a snapshot is being made
kms ConflictException: the key is being rotated
kms KeyUnavailableException: 500, «you can retry the request»
lakeformation StatisticsNotReadyYetException: 420, the query is being planned
lakeformation TransactionCommitInProgressException: the commit ends
lakeformation WorkUnitsNotReadyYetException: 420, the query is being planned
lambda CodeArtifactUserPendingException: the function becomes active
lambda ResourceInUseException: the event source mapping is being created, updated or deleted
lambda-microvms ConflictException: the model calls it retryable
lambda-microvms InsufficientCapacityException: 500, AWS has no capacity at the moment
lambda-microvms ResourceConflictException: another operation is in progress
lex-models ConflictException: «try your request again»
lexv2-models ConflictException: the bot is being created or built
license-manager ConflictException: «try your request again»
lightsail AccountSetupInProgressException: the account is being set up
lightsail RegionSetupInProgressException: the Region is being set up
logs LimitExceededException: of StartQuery and CreateExportTask: those that run end
marketplace-catalog ResourceInUseException: 423, another change set has the entity
marketplace-catalog ServiceQuotaExceededException: the open requests end
mediaconnect ConflictException: the model calls it retryable
mediastore ContainerInUseException: the container is being updated
memorydb InsufficientClusterCapacityFault: AWS has no nodes at the moment
memorydb InvalidACLStateFault: the list is being changed
memorydb InvalidClusterStateFault: the cluster is being created, changed or snapshotted
memorydb InvalidMultiRegionClusterStateFault: the multi-Region cluster is being created or changed
memorydb InvalidNodeStateFault: the node is being replaced
memorydb InvalidParameterGroupStateFault: a change of the group is pending
memorydb InvalidSnapshotStateFault: the snapshot is being made or copied
memorydb InvalidUserStateFault: the user is being changed
migrationhuborchestrator ConflictException: the model calls it retryable
neptune,rds InvalidDBClusterEndpointStateFault: the endpoint is being created or changed
neptunedata QueryLimitExceededException: 500, too many queries run
network-firewall InsufficientCapacityException: AWS has no capacity at the moment
opensearchmemory ConflictException: the space is being created, updated or deleted
organizations FinalizingOrganizationException: the organization is being set up, up to an hour
organizations PolicyChangesInProgressException: the change of the policies ends
pca-connector-ad,pca-connector-scep ConflictException: another request modifies the resource
pcs ConflictException: another operation on the cluster runs
personalize ResourceInUseException: an import or a training runs
pinpoint-sms-voice-v2 ConflictException: another operation on the resource runs
quicksight ConcurrentUpdatingException: 500, an operation must complete first
rds DBInstanceNotReady: the instance was paused
rds IntegrationConflictOperationFault: another operation on the integration runs
rds InvalidDBProxyEndpointStateFault: the proxy's endpoint is being created or changed
rds InvalidDBProxyStateFault: the proxy is being created or changed
rds InvalidDBShardGroupState: the group is being created, changed or rebooted
rds InvalidIntegrationStateFault: the integration is being created or modified
rds InvalidOptionGroupStateFault: the group is being changed
rds InvalidResourceStateFault: another operation is in progress
rds-data DatabaseResumingException: the database resumes in seconds
rds-data DatabaseUnavailableException: 504, the writer is not available, so no statement was run
redshift CopyToRegionDisabledFault: «temporarily disabled»
redshift DependentServiceUnavailableFault: «wait 30 to 60 seconds»
redshift InProgressTableRestoreQuotaExceededFault: the restores end
redshift InsufficientClusterCapacity: AWS has no nodes at the moment
redshift IntegrationConflictOperationFault: another operation on the integration runs
redshift IntegrationConflictStateFault: the integration is being created or modified
redshift InvalidClusterParameterGroupState: another task uses the group
redshift InvalidClusterSnapshotState: the snapshot is being made
redshift InvalidClusterState: the cluster is being created, resized, paused or resumed
redshift InvalidEndpointState: the endpoint is being created or changed
redshift SnapshotCopyDisabledFault: «temporarily disabled»
redshift SnapshotScheduleUpdateInProgress: the update of the schedule ends
redshift-data ActiveSessionsExceededException: sessions end
redshift-data ActiveStatementsExceededException: statements end
redshift-data ActiveWaitingRequestsExceededException: requests that wait end
redshift-serverless InsufficientCapacityException: the model calls it retryable
rekognition LimitExceededException: too many jobs run
resiliencehub ConflictException: the previous write has not propagated
route53-recovery-cluster ConflictException: «try again»
route53-recovery-cluster EndpointTemporarilyUnavailableException: this endpoint of the cluster does not answer
route53domains DuplicateRequest: the request is in progress
route53domains OperationLimitExceeded: operations end
route53domains TLDInMaintenance: the registry is under maintenance
s3tables ConflictException: «you can retry the request»
sagemaker ResourceInUse: the resource is being created or updated
securityhub ResourceInUseException: the control is being updated
securitylake ConflictException: the previous write has not propagated
servicediscovery DuplicateRequest: the operation is in progress
sns ConcurrentAccess: another operation on the tags runs
sns ReplayLimitExceeded: 403, replays end
sns StaleTag: «wait a short while»
sqs AWS.SimpleQueueService.PurgeQueueInProgress: PurgeQueueInProgress by its query name
sqs AWS.SimpleQueueService.QueueDeletedRecently: QueueDeletedRecently by its query name
sqs PurgeQueueInProgress: one purge a minute
sqs QueueDeletedRecently: a name is free after a minute
ssm AutomationExecutionLimitExceededException: the executions that run end
ssm ConflictException: a concurrent request
ssm OpsMetadataTooManyUpdatesException: «wait a few moments»
ssm ResourceDataSyncConflictException: another update is being processed
ssm-quicksetup ConflictException: another request is being processed
sso-admin ConflictException: the previous write has not propagated
stepfunctions ActivityWorkerLimitExceeded: workers stop polling
stepfunctions ConflictException: another request changes the versions of the state machine
stepfunctions ExecutionLimitExceeded: executions end
synthetics ConflictException: an operation on the canary is in progress
textract LimitExceededException: too many jobs run
transfer ConflictException: the endpoint of the server is being changed
translate ConflictException: «try your request again»
verifiedpermissions ConflictException: another request modifies the resource
waf,waf-regional,wafv2 WAFServiceLinkedRoleErrorException: the role is locked for 20 seconds
waf-regional,wafv2 WAFUnavailableEntityException: the entity is being created
workdocs ConflictingOperationException: another operation on the resource runs
workspaces InvalidResourceStateException: the WorkSpace is starting, stopping or being rebuilt
workspaces OperationInProgressException: its properties are being modified
workspaces ResourceInUseException: applications are being installed
workspaces ResourceUnavailableException: the resource is not available at the moment
"""
"""`services code: obstacle`; the obstacle begins with a status that is not 400. The model of ec2 names no errors: its
codes are from the «Error codes» of its API reference."""


def _by_service(table: str) -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = {}
    for line in table.splitlines():
        services, code = line.partition(": ")[0].split()
        for service in services.split(","):
            codes.setdefault(service, set()).add(code)
    return {service: frozenset(found) for service, found in codes.items()}


PASSING_BY_SERVICE = _by_service(TABLE)

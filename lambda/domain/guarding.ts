/**
 * Whether a resource says who may do what. By the form of names rather than by a list of them, so that a kind of policy that is new at AWS counts
 * before anybody has put it down here: whoever is asked once too often loses less than whoever is not asked.
 */

/** All that these services have. */
const SERVICES = /^AWS::(AccountAccess|IAM|IdentityStore|LakeFormation|RAM|RolesAnywhere|SSO|VerifiedPermissions)::/;

/** `AWS::SQS::QueueInlinePolicy`, `AWS::Lambda::LayerVersionPermission`, `AWS::S3::AccessPoint`. */
const NAMES = /^AWS::\w+::\w*(Policy|Permissions?|Grant|AccessPoint)$/;

/** Policies that let nobody do anything. */
const OTHER_POLICIES =
  /(AutomatedReasoning|Cache|ContinuousDeployment|Firewall|Lifecycle|Metering|OriginRequest|PlaybackRestriction|Resiliency|ResponseHeaders|Scaling|Scheduling|StorageTier|Traffic)Policy$/;

/** Names that do not tell. */
const TYPES: readonly string[] = [
  'AWS::Cognito::IdentityPoolRoleAttachment',
  'AWS::Config::AggregationAuthorization',
  'AWS::EC2::ClientVpnAuthorizationRule',
  'AWS::EC2::EnclaveCertificateIamRoleAssociation',
  'AWS::EC2::SnapshotBlockPublicAccess',
  'AWS::EC2::VPCBlockPublicAccessExclusion',
  'AWS::EC2::VPCBlockPublicAccessOptions',
  'AWS::EKS::AccessEntry',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::IoT::PolicyPrincipalAttachment',
  'AWS::IoT::RoleAlias',
  'AWS::Lambda::Url',
  'AWS::Redshift::EndpointAuthorization',
  'AWS::S3::AccessGrantsLocation',
  'AWS::ServiceCatalog::LaunchRoleConstraint',
  'AWS::ServiceCatalog::PortfolioPrincipalAssociation',
];

export function saysWhoMay(type: string): boolean {
  return TYPES.includes(type) || SERVICES.test(type) || (NAMES.test(type) && !OTHER_POLICIES.test(type));
}

/** Properties that do so, of resources that are something else beside. */
const PROPERTIES: readonly string[] = [
  'AccessPointPolicy',
  'AccessPolicies',
  'AccessPolicy',
  'DataProtectionPolicy',
  'DestinationPolicy',
  'FileSystemPolicy',
  'InvestigationGroupPolicy',
  'KeyPolicy',
  'KmsPolicyDocument',
  'ModelPackageGroupPolicy',
  'ModelPolicy',
  'NamespaceResourcePolicy',
  'Permissions',
  'PermissionsPolicyDocument',
  'Policy',
  'PolicyDocument',
  'PublicAccessBlockConfiguration',
  'RepositoryPolicy',
  'RepositoryPolicyText',
  'ResourcePolicy',
  'ResourcePolicyDocument',
  'S3AccessPolicy',
  'S3PolicyDocument',
  'StsPolicyDocument',
];

/** Those whose names say something else elsewhere. The replicas of a global table have its policies in them. */
const OF_ONE_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::Cognito::IdentityPool': ['AllowUnauthenticatedIdentities'],
  'AWS::DynamoDB::GlobalTable': ['Replicas'],
  'AWS::EKS::Cluster': ['AccessConfig'],
  'AWS::S3::Bucket': ['AccessControl', 'OwnershipControls'],
};

export function isPermission(type: string, property: string): boolean {
  const own = Object.hasOwn(OF_ONE_TYPE, type) ? OF_ONE_TYPE[type] : undefined;
  return PROPERTIES.includes(property) || own?.includes(property) === true;
}

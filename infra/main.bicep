metadata description = 'Proofgate in one resource group: three function apps with an identity each, over Event Hubs, storage and Key Vault. README.md says how to deploy it.'

@description('What this deployment is called; part of every name.')
@minLength(2)
@maxLength(20)
param name string

@description('Where everything is.')
param location string = resourceGroup().location

@description('Opens apps, storage, hub and vaults to public networks, for a first trial. Identities are asked for all the same. Else they are reached by private endpoints in a network of their own.')
param publicAccess bool = false

@description('Address space of that network, /24 or larger.')
param addressSpace string = '10.77.0.0/24'

@description('What the logs are called in their checkpoints: the address at which the gateway serves them, without the scheme. It never changes in the life of a deployment.')
@minLength(3)
param logOrigin string

@description('Origin under which callers reach the gateway, such as https://gateway.example.com. Empty: its own name at Azure.')
param gatewayOrigin string = ''

@description('Origin under which administrators reach /manage. Empty: its own name at Azure.')
param manageOrigin string = ''

@description('Who may sign policy: name to public key, as `proofgate policy keygen` prints it. Without one there is nobody whose policy is taken.')
param policyKeys object

@description('Whether each policy is signed by a second person too.')
param requireApproval bool = false

@description('Model providers whose secret is in the gateway\'s vault: the name that bundles have for it, the name of the secret, and the only hosts that it may be sent to.')
param upstreams upstream[] = []

@description('Versions of the pepper in the vaults, the newest last.')
param pepperVersions int[] = [1]

@description('Whether proofs of possession carry a nonce. With optional and required the vaults hold the secret DpopNonce.')
@allowed(['Off', 'Optional', 'Required'])
param nonces string = 'Off'

@description('Further settings of gateway and manage, keys with __: issuers, limits, origins of browsers. No secrets: those are in the vaults.')
param settings object = {}

@description('Partitions of the hub. Each is a log; the number cannot be changed.')
param hubPartitions int = 8

@description('Days that bundles and checkpoints are kept, whoever asks for their deletion.')
param retentionDays int = 3650

@description('Locks that retention, which cannot be undone. An account is made unlocked: set it in a second deployment.')
param lockRetention bool = false

@description('The key that signed the log before, by its address with version, while it hands over to the present one.')
param formerLogKeyId string = ''

@description('How keys, policy and ledger are copied. What has GRS or GZRS outlives a region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param redundancy string = 'Standard_GZRS'

@description('Instances that are always ready.')
param alwaysReady { gateway: int, manage: int, writer: int } = { gateway: 1, manage: 0, writer: 1 }

@description('Who gets a mail from the alerts.')
param alertEmails string[] = []

@description('Name of the upstream in bundles, hosts, and the address where the bundle leaves it open. Its key is the secret Upstreams--NAME of the gateway.')
type upstream = {
  name: string
  hosts: string[]
  endpoint: string?
}

var token = uniqueString(resourceGroup().id, name)
var stem = 'pg-${name}'
var tags = {
  'azd-env-name': name
  product: 'proofgate'
}

// Every name is made here and of nothing that Azure answers: what is there is found again, and a preview can tell.
var hubName = 'audit'
var logKey = 'audit-log'
var ledgerTable = 'Audit'
var policies = 'policies'
var evidence = 'audit-evidence'
var workspaceName = '${stem}-logs'
var insightsName = '${stem}-insights'
var networkName = '${stem}-network'
var namespaceName = '${stem}-${token}'
var accounts = {
  keys: 'pgkeys${token}'
  proofs: 'pgproofs${token}'
  ledger: 'pgledger${token}'
  gateway: 'pghostgw${token}'
  manage: 'pghostmg${token}'
  writer: 'pghostwr${token}'
}
var vaults = {
  gateway: 'pg-gateway-${token}'
  manage: 'pg-manage-${token}'
  writer: 'pg-writer-${token}'
}
var apps = {
  gateway: '${stem}-gateway-${token}'
  manage: '${stem}-manage-${token}'
  writer: '${stem}-writer-${token}'
}
var roleNames = {
  tableAppender: guid(resourceGroup().id, name, 'table-appender')
  tableUpdater: guid(resourceGroup().id, name, 'table-updater')
  tableKeeper: guid(resourceGroup().id, name, 'table-keeper')
  tableSweeper: guid(resourceGroup().id, name, 'table-sweeper')
  proofKeeper: guid(resourceGroup().id, name, 'proof-keeper')
  blobAppender: guid(resourceGroup().id, name, 'blob-appender')
  logSigner: guid(resourceGroup().id, name, 'log-signer')
}
var workspaceId = resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
var subnetIds = {
  apps: resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'apps')
  endpoints: resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'endpoints')
}
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  namespace: 'privatelink.servicebus.windows.net'
  sites: 'privatelink.azurewebsites.net'
}

resource gatewayIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${stem}-gateway'
  location: location
  tags: tags
}

resource manageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${stem}-manage'
  location: location
  tags: tags
}

resource writerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${stem}-writer'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    tags: tags
    workspaceName: workspaceName
    insightsName: insightsName
    retentionInDays: 90
  }
}

module network 'modules/network.bicep' = if (!publicAccess) {
  name: 'network'
  params: {
    location: location
    name: stem
    networkName: networkName
    tags: tags
    addressSpace: addressSpace
    zoneNames: zoneNames
  }
}

module hub 'modules/hub.bicep' = {
  name: 'hub'
  params: {
    location: location
    name: namespaceName
    tags: tags
    hubName: hubName
    publicAccess: publicAccess
    workspaceId: workspaceId
    partitions: hubPartitions
    retentionDays: 7
    maximumThroughputUnits: 10
  }
  dependsOn: [monitoring]
}

// Keys, deny list, activations of policy, data keys of people, budgets, sessions.
module keys 'modules/storage.bicep' = {
  name: 'keys'
  params: {
    location: location
    name: accounts.keys
    tags: tags
    publicAccess: publicAccess
    workspaceId: workspaceId
    sku: redundancy
    tables: [
      'ProofgateKeys'
      'ProofgateSubjects'
      'ProofgateUse'
      'ProofgateBudgets'
      'ProofgateSessions'
      'ProofgatePolicies'
    ]
    watchTables: true
  }
  dependsOn: [monitoring]
}

// Used proofs: a table a day, made and dropped by manage. In an account of their own, because a right to tables that are not there yet is one to the
// whole account, and who serves calls must not be able to add a key.
module proofs 'modules/storage.bicep' = {
  name: 'proofs'
  params: {
    location: location
    name: accounts.proofs
    tags: tags
    publicAccess: publicAccess
    workspaceId: workspaceId
    sku: 'Standard_LRS'
  }
  dependsOn: [monitoring]
}

module ledger 'modules/ledger.bicep' = {
  name: 'ledger'
  params: {
    location: location
    name: accounts.ledger
    tags: tags
    publicAccess: publicAccess
    workspaceId: workspaceId
    sku: redundancy
    tableName: ledgerTable
    containers: [policies, evidence]
    retentionDays: retentionDays
    lockRetention: lockRetention
  }
  dependsOn: [monitoring]
}

// An account for each app's own code: who may write it is that app.
module hosts 'modules/storage.bicep' = [
  for app in ['gateway', 'manage', 'writer']: {
    name: 'host-${app}'
    params: {
      location: location
      name: accounts[app]
      tags: tags
      publicAccess: publicAccess
      workspaceId: workspaceId
      sku: 'Standard_LRS'
      containers: ['deployment']
    }
    dependsOn: [monitoring]
  }
]

module gatewayVault 'modules/vault.bicep' = {
  name: 'vault-gateway'
  params: { location: location, name: vaults.gateway, tags: tags, publicAccess: publicAccess, workspaceId: workspaceId }
  dependsOn: [monitoring]
}

module manageVault 'modules/vault.bicep' = {
  name: 'vault-manage'
  params: { location: location, name: vaults.manage, tags: tags, publicAccess: publicAccess, workspaceId: workspaceId }
  dependsOn: [monitoring]
}

module writerVault 'modules/vault.bicep' = {
  name: 'vault-writer'
  params: {
    location: location
    name: vaults.writer
    tags: tags
    publicAccess: publicAccess
    workspaceId: workspaceId
    keyName: logKey
  }
  dependsOn: [monitoring]
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: { name: name, roleNames: roleNames }
}

module rights 'modules/rights.bicep' = {
  name: 'rights'
  params: {
    gateway: gatewayIdentity.name
    manage: manageIdentity.name
    writer: writerIdentity.name
    roleNames: roleNames
    hub: { namespace: namespaceName, name: hubName }
    keysAccount: accounts.keys
    proofsAccount: accounts.proofs
    ledger: { account: accounts.ledger, table: ledgerTable, policies: policies, evidence: evidence }
    hostAccounts: { gateway: accounts.gateway, manage: accounts.manage, writer: accounts.writer }
    vaults: vaults
    logKey: logKey
    insights: insightsName
  }
  dependsOn: [roles, hub, keys, proofs, ledger, hosts, gatewayVault, manageVault, writerVault, monitoring]
}

var tablesOf = 'table.${environment().suffixes.storage}'
var vaultUris = {
  gateway: 'https://${vaults.gateway}${environment().suffixes.keyvaultDns}/'
  manage: 'https://${vaults.manage}${environment().suffixes.keyvaultDns}/'
}
var commonSettings = {
  Proofgate__Audit__Hub: hubName
  Proofgate__Audit__Origin: logOrigin
  Proofgate__EventHubs__Connection__fullyQualifiedNamespace: '${namespaceName}.servicebus.windows.net'
  Proofgate__EventHubs__Connection__credential: 'managedidentity'
  Proofgate__Storage__TableEndpoint: 'https://${accounts.keys}.${tablesOf}/'
  Proofgate__Storage__Ledger__TableEndpoint: 'https://${accounts.ledger}.${tablesOf}/'
}
var commonClientIds = [
  'Proofgate__EventHubs__Connection__clientId'
  'Proofgate__Storage__ManagedIdentityClientId'
  'Proofgate__Storage__Ledger__ManagedIdentityClientId'
  'Proofgate__Telemetry__ManagedIdentityClientId'
]
var doorClientIds = concat(commonClientIds, [
  'Proofgate__Storage__Proofs__ManagedIdentityClientId'
  'Proofgate__KeyVault__ManagedIdentityClientId'
])
var doorSettings = union(
  commonSettings,
  {
    Proofgate__Storage__Proofs__TableEndpoint: 'https://${accounts.proofs}.${tablesOf}/'
    Proofgate__Policy__Store: policies
    Proofgate__Policy__RequireApproval: string(requireApproval)
    Proofgate__TrustedHops: '1'
    Proofgate__Dpop__NoncePolicy: nonces
  },
  toObject(items(policyKeys), key => 'Proofgate__Policy__TrustedKeys__${key.key}', key => key.value),
  reduce(
    map(
      upstreams,
      u =>
        union(
          u.?endpoint == null ? {} : { 'Proofgate__Upstreams__${u.name}__Endpoint': u.endpoint! },
          toObject(range(0, length(u.hosts)), i => 'Proofgate__Upstreams__${u.name}__Hosts__${i}', i => u.hosts[i])
        )
    ),
    {},
    (all, one) => union(all, one)
  ),
  settings
)
var sharedSecrets = concat(
  map(pepperVersions, version => 'ApiKeyPepper--${version}'),
  ['AuditMaster'],
  nonces == 'Off' ? [] : ['DpopNonce']
)
var gatewaySecrets = concat(sharedSecrets, map(upstreams, u => 'Upstreams--${u.name}'))
var manageSecrets = concat(sharedSecrets, ['Bootstrap'])

// The next pepper comes into use when it is put into the vaults: gateway's first, so that it knows the keys that manage makes.
var nextPepper = 'ApiKeyPepper--${max(pepperVersions) + 1}'
var gatewayOrigins = concat(empty(gatewayOrigin) ? [] : [gatewayOrigin], ['https://${apps.gateway}.azurewebsites.net'])
var manageOrigins = concat(empty(manageOrigin) ? [] : [manageOrigin], ['https://${apps.manage}.azurewebsites.net'])

module gateway 'modules/app.bicep' = {
  name: 'app-gateway'
  params: {
    location: location
    name: apps.gateway
    tags: union(tags, { 'azd-service-name': 'gateway' })
    publicAccess: publicAccess
    identityName: gatewayIdentity.name
    hostAccountName: accounts.gateway
    insightsName: insightsName
    subnetId: publicAccess ? '' : subnetIds.apps
    alwaysReady: alwaysReady.gateway == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady.gateway }]
    maximumInstances: 100
    clientIdSettings: doorClientIds
    settings: union(
      doorSettings,
      { Proofgate__KeyVault__Uri: vaultUris.gateway, Proofgate__KeyVault__Optional__0: nextPepper },
      toObject(range(0, length(gatewaySecrets)), i => 'Proofgate__KeyVault__Secrets__${i}', i => gatewaySecrets[i]),
      toObject(range(0, length(gatewayOrigins)), i => 'Proofgate__PublicOrigins__${i}', i => gatewayOrigins[i])
    )
  }
  dependsOn: [rights, network]
}

module manage 'modules/app.bicep' = {
  name: 'app-manage'
  params: {
    location: location
    name: apps.manage
    tags: union(tags, { 'azd-service-name': 'manage' })
    publicAccess: publicAccess
    identityName: manageIdentity.name
    hostAccountName: accounts.manage
    insightsName: insightsName
    subnetId: publicAccess ? '' : subnetIds.apps
    alwaysReady: alwaysReady.manage == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady.manage }]
    maximumInstances: 40
    clientIdSettings: doorClientIds
    settings: union(
      doorSettings,
      { Proofgate__KeyVault__Uri: vaultUris.manage, Proofgate__KeyVault__Optional__0: nextPepper },
      toObject(range(0, length(manageSecrets)), i => 'Proofgate__KeyVault__Secrets__${i}', i => manageSecrets[i]),
      toObject(range(0, length(manageOrigins)), i => 'Proofgate__PublicOrigins__${i}', i => manageOrigins[i])
    )
  }
  dependsOn: [rights, network]
}

module writer 'modules/app.bicep' = {
  name: 'app-writer'
  params: {
    location: location
    name: apps.writer
    tags: union(tags, { 'azd-service-name': 'writer' })
    publicAccess: publicAccess
    identityName: writerIdentity.name
    hostAccountName: accounts.writer
    insightsName: insightsName
    subnetId: publicAccess ? '' : subnetIds.apps
    alwaysReady: alwaysReady.writer == 0 ? [] : [{ name: 'function:Ledger', instanceCount: alwaysReady.writer }]
    maximumInstances: 40
    clientIdSettings: commonClientIds
    signingKey: { vault: vaults.writer, name: logKey, setting: 'Proofgate__Audit__Checkpoints__KeyId' }
    settings: union(
      commonSettings,
      empty(formerLogKeyId) ? {} : { Proofgate__Audit__Checkpoints__FormerKeyId: formerLogKeyId }
    )
  }
  dependsOn: [rights, network]
}

var reached = [
  { name: 'keys', id: resourceId('Microsoft.Storage/storageAccounts', accounts.keys), group: 'table' }
  { name: 'proofs', id: resourceId('Microsoft.Storage/storageAccounts', accounts.proofs), group: 'table' }
  { name: 'ledger-table', id: resourceId('Microsoft.Storage/storageAccounts', accounts.ledger), group: 'table' }
  { name: 'ledger-blob', id: resourceId('Microsoft.Storage/storageAccounts', accounts.ledger), group: 'blob' }
  { name: 'host-gateway', id: resourceId('Microsoft.Storage/storageAccounts', accounts.gateway), group: 'blob' }
  { name: 'host-manage', id: resourceId('Microsoft.Storage/storageAccounts', accounts.manage), group: 'blob' }
  { name: 'host-writer', id: resourceId('Microsoft.Storage/storageAccounts', accounts.writer), group: 'blob' }
  { name: 'vault-gateway', id: resourceId('Microsoft.KeyVault/vaults', vaults.gateway), group: 'vault' }
  { name: 'vault-manage', id: resourceId('Microsoft.KeyVault/vaults', vaults.manage), group: 'vault' }
  { name: 'vault-writer', id: resourceId('Microsoft.KeyVault/vaults', vaults.writer), group: 'vault' }
  { name: 'hub', id: resourceId('Microsoft.EventHub/namespaces', namespaceName), group: 'namespace' }
  { name: 'gateway', id: resourceId('Microsoft.Web/sites', apps.gateway), group: 'sites' }
  { name: 'manage', id: resourceId('Microsoft.Web/sites', apps.manage), group: 'sites' }
  { name: 'writer', id: resourceId('Microsoft.Web/sites', apps.writer), group: 'sites' }
]

module endpoints 'modules/endpoint.bicep' = [
  for end in reached: if (!publicAccess) {
    name: 'endpoint-${end.name}'
    params: {
      location: location
      name: '${stem}-${end.name}'
      tags: tags
      subnetId: subnetIds.endpoints
      zoneId: resourceId('Microsoft.Network/privateDnsZones', zoneNames[end.group])
      resourceId: end.id
      groupId: end.group
    }
    dependsOn: [
      network
      keys
      proofs
      ledger
      hosts
      gatewayVault
      manageVault
      writerVault
      hub
      gateway
      manage
      writer
    ]
  }
]

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    name: stem
    tags: tags
    workspaceId: workspaceId
    ledgerAccount: accounts.ledger
    emails: alertEmails
  }
  dependsOn: [monitoring]
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: { location: location, name: name, tags: tags, workspaceId: workspaceId }
  dependsOn: [monitoring]
}

@description('For the proofgate command: the gateway, and /manage.')
output GATEWAY_URL string = gatewayOrigins[0]
output MANAGE_URL string = manageOrigins[0]

@description('Where secrets are put before the first start: README.md names them.')
output GATEWAY_VAULT string = vaults.gateway
output MANAGE_VAULT string = vaults.manage

@description('For who verifies: the container of the evidence, and the key whose public half is pinned.')
output EVIDENCE_CONTAINER string = 'https://${accounts.ledger}.blob.${environment().suffixes.storage}/${evidence}'
output LOG_KEY string = 'https://${vaults.writer}${environment().suffixes.keyvaultDns}/keys/${logKey}'

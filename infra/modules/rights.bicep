metadata description = 'Who may do what: every assignment of a role that there is. tests/Infra.Tests holds the same table and knows no other.'

@description('Names of the identities.')
param gateway string
param manage string
param writer string

@description('Names of the roles of roles.bicep.')
param roleNames {
  tableAppender: string
  tableUpdater: string
  tableKeeper: string
  tableSweeper: string
  proofKeeper: string
  blobAppender: string
  logSigner: string
}

param hub { namespace: string, name: string }
param keysAccount string
param proofsAccount string
param ledger { account: string, table: string, policies: string, evidence: string }
param hostAccounts { gateway: string, manage: string, writer: string }
param vaults { gateway: string, manage: string, writer: string }
param logKey string
param insights string

var builtIn = {
  tableReader: '76199698-9eea-4c19-bc75-cec21354c6b6'
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  hubSender: '2b629674-e913-4c01-ae53-ef4638d8f975'
  hubReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

var identities = [gateway, manage, writer]

resource apps 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = [
  for name in identities: { name: name }
]

// Names are made of ids that are known before anything is deployed, so that what is there already is found again.
var onTables = [
  { who: 0, account: keysAccount, table: 'ProofgateKeys', role: builtIn.tableReader }
  { who: 0, account: keysAccount, table: 'ProofgatePolicies', role: builtIn.tableReader }
  { who: 0, account: keysAccount, table: 'ProofgateSubjects', role: roleNames.tableAppender }
  { who: 0, account: keysAccount, table: 'ProofgateUse', role: roleNames.tableUpdater }
  { who: 0, account: keysAccount, table: 'ProofgateBudgets', role: roleNames.tableUpdater }
  { who: 0, account: keysAccount, table: 'ProofgateSessions', role: roleNames.tableUpdater }
  { who: 0, account: ledger.account, table: ledger.table, role: builtIn.tableReader }
  { who: 1, account: keysAccount, table: 'ProofgateKeys', role: roleNames.tableKeeper }
  { who: 1, account: keysAccount, table: 'ProofgatePolicies', role: roleNames.tableAppender }
  { who: 1, account: keysAccount, table: 'ProofgateSubjects', role: roleNames.tableAppender }
  { who: 1, account: keysAccount, table: 'ProofgateUse', role: roleNames.tableUpdater }
  { who: 1, account: keysAccount, table: 'ProofgateBudgets', role: roleNames.tableUpdater }
  { who: 1, account: keysAccount, table: 'ProofgateSessions', role: roleNames.tableSweeper }
  { who: 1, account: ledger.account, table: ledger.table, role: builtIn.tableReader }
  { who: 2, account: ledger.account, table: ledger.table, role: roleNames.tableAppender }
]

var onContainers = [
  { who: 0, container: ledger.policies, role: builtIn.blobReader }
  { who: 0, container: ledger.evidence, role: builtIn.blobReader }
  { who: 1, container: ledger.policies, role: roleNames.blobAppender }
  { who: 2, container: ledger.evidence, role: roleNames.blobAppender }
]

var onAccounts = [
  { who: 0, account: proofsAccount, role: roleNames.tableAppender }
  { who: 1, account: proofsAccount, role: roleNames.proofKeeper }
  { who: 0, account: hostAccounts.gateway, role: builtIn.blobOwner }
  { who: 1, account: hostAccounts.manage, role: builtIn.blobOwner }
  { who: 2, account: hostAccounts.writer, role: builtIn.blobOwner }
]

var onHub = [
  { who: 0, role: builtIn.hubSender }
  { who: 1, role: builtIn.hubSender }
  { who: 2, role: builtIn.hubReceiver }
]

var onVaults = [
  { who: 0, vault: vaults.gateway, role: builtIn.secretsUser }
  { who: 1, vault: vaults.manage, role: builtIn.secretsUser }
]

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for right in onTables: { name: '${right.account}/default/${right.table}' }
]

resource tableRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (right, i) in onTables: {
    scope: tables[i]
    name: guid(tables[i].id, apps[right.who].id, right.role)
    properties: {
      principalId: apps[right.who].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = [
  for right in onContainers: { name: '${ledger.account}/default/${right.container}' }
]

resource containerRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (right, i) in onContainers: {
    scope: containers[i]
    name: guid(containers[i].id, apps[right.who].id, right.role)
    properties: {
      principalId: apps[right.who].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

resource accounts 'Microsoft.Storage/storageAccounts@2024-01-01' existing = [
  for right in onAccounts: { name: right.account }
]

resource accountRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (right, i) in onAccounts: {
    scope: accounts[i]
    name: guid(accounts[i].id, apps[right.who].id, right.role)
    properties: {
      principalId: apps[right.who].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

resource eventHub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = {
  name: '${hub.namespace}/${hub.name}'
}

resource hubRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in onHub: {
    scope: eventHub
    name: guid(eventHub.id, apps[right.who].id, right.role)
    properties: {
      principalId: apps[right.who].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

resource secretVaults 'Microsoft.KeyVault/vaults@2024-11-01' existing = [for right in onVaults: { name: right.vault }]

resource vaultRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (right, i) in onVaults: {
    scope: secretVaults[i]
    name: guid(secretVaults[i].id, apps[right.who].id, right.role)
    properties: {
      principalId: apps[right.who].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

resource signingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' existing = {
  name: '${vaults.writer}/${logKey}'
}

resource signingRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: signingKey
  name: guid(signingKey.id, apps[2].id, roleNames.logSigner)
  properties: {
    principalId: apps[2].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleNames.logSigner)
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = { name: insights }

resource metricsRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in identities: {
    scope: component
    name: guid(component.id, apps[i].id, builtIn.metricsPublisher)
    properties: {
      principalId: apps[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn.metricsPublisher)
    }
  }
]

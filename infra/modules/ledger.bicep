metadata description = 'The ledger, in an account of its own: its table, and the containers of bundles and checkpoints, which nobody can change or delete before their time.'

param location string
param name string
param tags object
param publicAccess bool
param workspaceId string
param sku string
param tableName string
param containers string[]

@description('Days that every bundle and checkpoint is kept, whoever asks for their deletion.')
@minValue(1)
@maxValue(146000)
param retentionDays int

@description('Locks the retention. It can then be made longer and never shorter, and the account cannot be deleted. A new account starts unlocked: lock it by a second deployment.')
param lockRetention bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
    immutableStorageWithVersioning: {
      enabled: true
      immutabilityPolicy: {
        immutabilityPeriodSinceCreationInDays: retentionDays
        allowProtectedAppendWrites: false
        state: lockRetention ? 'Locked' : 'Unlocked'
      }
    }
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = { name: tableName }
  }

  resource blobService 'blobServices' = {
    name: 'default'
    properties: {
      // The retention is of versions: what is written over stays beneath.
      isVersioningEnabled: true
      deleteRetentionPolicy: {
        enabled: true
        days: 90
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 90
      }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }
}

// It stops the deletion of the account, and of nothing in it.
resource undeletable 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: account
  name: 'ledger'
  properties: {
    level: 'CanNotDelete'
    notes: 'The ledger is evidence.'
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::tableService
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobService
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

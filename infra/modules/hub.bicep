metadata description = 'The hub that decisions are durable in before anything is released.'

param location string
param name string
param tags object
param hubName string
param publicAccess bool
param workspaceId string

@description('Cannot be changed later: a partition is a log.')
@minValue(1)
@maxValue(32)
param partitions int

@description('Longer than any outage of the ledger that must be survived.')
@minValue(1)
@maxValue(7)
param retentionDays int

@minValue(1)
@maxValue(40)
param maximumThroughputUnits int

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    isAutoInflateEnabled: true
    maximumThroughputUnits: maximumThroughputUnits
  }

  resource hub 'eventhubs' = {
    name: hubName
    properties: {
      partitionCount: partitions
      retentionDescription: {
        cleanupPolicy: 'Delete'
        retentionTimeInHours: retentionDays * 24
      }
    }

    // The trigger reads alone in its group; what it has missed is read again in this one.
    resource history 'consumergroups' = { name: 'history' }
  }

  resource access 'networkRuleSets' = {
    name: 'default'
    properties: {
      publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
      trustedServiceAccessEnabled: false
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

namespace Proofgate.Data.Connectors;

/// <summary>The connectors of this process, by kind.</summary>
internal sealed class ConnectorSet(IEnumerable<IDataConnector> connectors)
{
    private readonly Dictionary<ConnectorKind, IDataConnector> _connectors = connectors.ToDictionary(static c => c.Kind);

    internal IDataConnector Of(ConnectorKind kind) => _connectors[kind];
}

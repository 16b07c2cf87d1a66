namespace Proofgate.Audit.Ledger;

/// <summary>The part of section <c>Proofgate:Audit</c> that a writer needs which publishes nothing.</summary>
public sealed class LedgerOptions
{
    /// <inheritdoc cref="AuditOptions.Hub"/>
    public string Hub { get; set; } = new AuditOptions().Hub;

    /// <inheritdoc cref="AuditOptions.Origin"/>
    public string Origin { get; set; } = new AuditOptions().Origin;

    /// <inheritdoc cref="AuditOptions.LedgerInsertion"/>
    public LedgerInsertion LedgerInsertion { get; set; }
}

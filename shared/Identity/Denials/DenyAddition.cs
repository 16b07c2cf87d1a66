namespace Proofgate.Identity.Denials;

/// <summary>What came of adding to the deny list.</summary>
public abstract record DenyAddition
{
    private DenyAddition()
    {
    }

    /// <param name="Entry">As stored.</param>
    /// <param name="IsNew">False: it replaced an entry of the same name.</param>
    public sealed record Added(DenyEntry Entry, bool IsNew) : DenyAddition;

    /// <param name="Problems">At least one sentence, each naming the member that it is about.</param>
    public sealed record Invalid(IReadOnlyList<string> Problems) : DenyAddition;

    /// <summary>It would refuse the asker's own credential, and that was not asked for in so many words.</summary>
    public sealed record DeniesAsker : DenyAddition;

    /// <param name="Limit">Entries that there may be.</param>
    /// <param name="OfTenant">Of the asker's tenant; else of all tenants together.</param>
    public sealed record Full(int Limit, bool OfTenant) : DenyAddition;
}

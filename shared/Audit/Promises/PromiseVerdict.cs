using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Promises;

/// <summary>What became of a promise.</summary>
public abstract record PromiseVerdict
{
    private PromiseVerdict()
    {
    }

    /// <summary>The very record stands in the ledger.</summary>
    public sealed record Kept(LogName Log, long Index) : PromiseVerdict;

    /// <summary>It is not there, and need not be yet.</summary>
    public sealed record NotDue : PromiseVerdict;

    /// <summary>The deadline has passed, and the promise is signed with the key that the ledger names, and the record is not there.</summary>
    /// <param name="OtherRecord">Whether another record stands there under the same audit id.</param>
    public sealed record Broken(bool OtherRecord) : PromiseVerdict;

    /// <summary>The ledger names this source's key, and it did not sign this.</summary>
    public sealed record BadSignature : PromiseVerdict;

    /// <summary>
    /// The deadline has passed and nothing of its source is in the ledger, so that the ledger does not name the key. Either the whole source was
    /// left out, or somebody made this up: the ledger alone cannot tell.
    /// </summary>
    public sealed record Unvouched : PromiseVerdict;
}

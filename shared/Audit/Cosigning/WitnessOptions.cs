namespace Proofgate.Audit.Cosigning;

/// <summary>A witness that is asked to cosign.</summary>
public sealed class WitnessOptions
{
    /// <summary>What health and logs call it.</summary>
    public string? Name { get; set; }

    /// <summary>Its verifier key, pinned: <c>name+id+base64(4 || key)</c>, as <c>proofgate audit witness</c> prints it.</summary>
    public string? Key { get; set; }

    /// <summary>Its submission prefix, to which <c>/add-checkpoint</c> is added: https, or http on this machine.</summary>
    public string? Address { get; set; }
}

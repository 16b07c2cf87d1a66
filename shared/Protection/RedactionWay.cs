namespace Proofgate.Protection;

/// <summary>What becomes of a value of a kind.</summary>
public enum RedactionWay
{
    /// <summary>The name of its kind stands for it: <c>[EMAIL_ADDRESS]</c>.</summary>
    Mask,

    /// <summary>Nothing stands for it.</summary>
    Remove,

    /// <summary>
    /// Its last four letters or digits: <c>**** 4242</c>. Only numbers of people and accounts have such an end; of the others, and of one
    /// that is not at least twice as long, the mask stays.
    /// </summary>
    Partial,

    /// <summary>The same value gets the same name under the same <see cref="PseudonymKey"/>: <c>[EMAIL_ADDRESS:3kq7vd2mxa]</c>.</summary>
    Pseudonym,

    /// <summary>It stays as it is.</summary>
    Reveal,
}

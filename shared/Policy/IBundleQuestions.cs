namespace Proofgate.Policy;

/// <summary>
/// A part of a bundle about which further questions are asked than about every bundle: its datasets. What it declares is added to the schema, and the schema
/// must describe what it asks.
/// </summary>
public interface IBundleQuestions
{
    /// <summary>Declarations in Cedar's schema syntax; empty: none.</summary>
    string Declarations { get; }

    /// <summary>One request of each form, with the resource that it is about.</summary>
    IEnumerable<BundleQuestion> Questions { get; }
}

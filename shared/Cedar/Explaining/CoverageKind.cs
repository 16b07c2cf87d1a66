namespace Proofgate.Cedar.Explaining;

/// <summary>What a <see cref="CoveragePoint"/> is in its policy.</summary>
public enum CoverageKind
{
    /// <summary>The whole of a <c>when</c> or <c>unless</c>.</summary>
    Condition,

    /// <summary>An operand of <c>&amp;&amp;</c> or <c>||</c>.</summary>
    Operand,

    /// <summary>What stands behind <c>if</c>.</summary>
    Test,

    /// <summary>What stands behind <c>then</c> or <c>else</c>: it is reached or not.</summary>
    Branch,
}

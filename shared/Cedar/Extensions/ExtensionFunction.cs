namespace Proofgate.Cedar.Extensions;

/// <summary>A function of an extension type.</summary>
/// <param name="name">As written in policies.</param>
/// <param name="isMethod">Called on its first argument.</param>
/// <param name="arity">Arguments, the one it is called on included.</param>
/// <param name="body">Gives null and the reason if it fails.</param>
internal sealed class ExtensionFunction(string name, bool isMethod, int arity, ExtensionFunction.Body body)
{
    public delegate Value? Body(ReadOnlySpan<Value> arguments, out string? failure);

    public string Name { get; } = name;

    public bool IsMethod { get; } = isMethod;

    public int Arity { get; } = arity;

    /// <summary>In Cedar a wrong number of arguments is no syntax error: it fails when it is evaluated (and in the validator).</summary>
    public Value? Call(ReadOnlySpan<Value> arguments, out string? failure)
    {
        if (arguments.Length == Arity)
            return body(arguments, out failure);

        failure = $"{Name} takes {Arity - (IsMethod ? 1 : 0)} argument(s), not {arguments.Length - (IsMethod ? 1 : 0)}";
        return null;
    }
}

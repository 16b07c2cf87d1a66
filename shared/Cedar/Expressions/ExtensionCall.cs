using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Extensions;

namespace Proofgate.Cedar.Expressions;

/// <summary>A call of an extension function: <c>ip("...")</c>, or as a method on its first argument: <c>address.isInRange(...)</c>.</summary>
internal sealed class ExtensionCall : Expression
{
    private readonly Expression[] _arguments;

    public ExtensionCall(SourcePosition position, ExtensionFunction function, Expression[] arguments)
        : base(position)
    {
        Function = function;
        _arguments = arguments;
        Height = Above(arguments);
        if (Array.TrueForAll(arguments, argument => argument.Constant is not null))
            Constant = function.Call([.. arguments.Select(argument => argument.Constant!)], out _);
    }

    public ExtensionFunction Function { get; }

    public ReadOnlySpan<Expression> Arguments => _arguments;

    /// <summary>Null also for a constant call that fails, such as <c>ip("x")</c>: then evaluation reports it.</summary>
    public override Value? Constant { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Constant is not null)
            return Constant;

        var values = new Value[_arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (_arguments[i].Evaluate(evaluator) is not { } value)
                return null;
            values[i] = value;
        }

        return Function.Call(values, out var failure) ?? evaluator.Fail(this, failure!);
    }
}

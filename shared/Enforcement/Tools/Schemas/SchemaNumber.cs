using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>Numbers of JSON, exact where they fit into a decimal.</summary>
internal static class SchemaNumber
{
    internal static bool IsWhole(JsonElement value) => value.TryGetDecimal(out var exact) ? decimal.IsInteger(exact) : double.IsInteger(value.GetDouble());

    internal static int Compare(JsonElement value, JsonElement other) =>
        value.TryGetDecimal(out var left) && other.TryGetDecimal(out var right) ? left.CompareTo(right) : value.GetDouble().CompareTo(other.GetDouble());

    internal static bool IsMultiple(JsonElement value, JsonElement of)
    {
        if (value.TryGetDecimal(out var exact) && of.TryGetDecimal(out var unit))
        {
            return unit != 0 && exact % unit == 0;
        }

        var ratio = value.GetDouble() / of.GetDouble();
        return double.IsFinite(ratio) && double.IsInteger(ratio);
    }
}

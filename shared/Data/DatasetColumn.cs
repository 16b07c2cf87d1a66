using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>A column: every one has a label; <paramref name="Kind"/> says what kind of sensitive value stands in it, if one does.</summary>
public sealed record DatasetColumn(string Name, long Label, Kind? Kind);

namespace Proofgate.Protection.Tests.Quality;

/// <summary>A text and where in it a value of <paramref name="Kind"/> stands; none if the part is empty.</summary>
internal sealed record Labelled(string Text, int Start, int End, string Kind = "");

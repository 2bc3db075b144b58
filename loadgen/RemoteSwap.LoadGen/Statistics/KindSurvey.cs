using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>How the source pages of one kind compress.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Pages">Pages of the kind.</param>
/// <param name="SurveyedPages">Of them compressed for the survey.</param>
/// <param name="ZpageBytes">Bytes of the surveyed pages' zpages.</param>
/// <param name="SameFilled">Surveyed pages of one repeated word.</param>
/// <param name="Incompressible">Surveyed pages that travel as they are.</param>
internal sealed record KindSurvey(
    PageKind Kind, int Pages, int SurveyedPages, long ZpageBytes, int SameFilled, int Incompressible);

//! The Equal Earth projection: areas keep their proportions.
//!
//! Source: B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection, International Journal
//! of Geographical Information Science 33(3), 2019, equations 1 to 3.

const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];

/// Half the width of the world on the unit sphere: `x` at the equator and 180 degrees east.
pub(super) const HALF_WIDTH: f64 = 2.706_629_983_696_074_8;

/// The point on the plane for a longitude and latitude in degrees, on the unit sphere: `x` grows to
/// the east, `y` to the north.
pub(super) fn equal_earth(longitude: f64, latitude: f64) -> (f64, f64) {
    let half_root_3 = 3f64.sqrt() / 2.0;
    let theta = (half_root_3 * latitude.to_radians().sin()).asin();
    let square = theta * theta;
    let sixth = square * square * square;
    let x = longitude.to_radians() * theta.cos()
        / (half_root_3 * (A[0] + 3.0 * A[1] * square + sixth * (7.0 * A[2] + 9.0 * A[3] * square)));
    let y = theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square));
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projection_keeps_area() {
        // Ratio of a small cell on the plane to the same cell on the sphere, where it is 1 for an
        // equal-area projection at every place.
        for latitude in [-80.0, -45.0, 0.0, 10.0, 33.3, 60.0, 85.0_f64] {
            for longitude in [-170.0, -20.0, 0.0, 95.0] {
                let step = 1e-3;
                let (x0, y0) = equal_earth(longitude, latitude);
                let (x1, y1) = equal_earth(longitude + step, latitude);
                let (x2, y2) = equal_earth(longitude, latitude + step);
                let plane = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
                let sphere = step.to_radians().powi(2) * (latitude + step / 2.0).to_radians().cos();
                assert!(
                    (plane / sphere - 1.0).abs() < 2e-3,
                    "{longitude} {latitude}"
                );
            }
        }
    }

    #[test]
    fn the_outline_has_the_published_proportions() {
        // The article gives the width of the graticule as 2.05458 times its height, poles at
        // 0.59247 of the equator's length.
        let (east, _) = equal_earth(180.0, 0.0);
        let (pole_east, north) = equal_earth(180.0, 90.0);
        assert_eq!(east, HALF_WIDTH);
        assert!((east / north - 2.054_58).abs() < 1e-5, "{}", east / north);
        assert!(
            (pole_east / east - 0.592_47).abs() < 1e-5,
            "{}",
            pole_east / east
        );
    }

    #[test]
    fn places_stand_where_others_draw_them() {
        // The example in PROJ's documentation of `eqearth`, and its constant for the pole.
        let (x, y) = equal_earth(122.0, 47.0);
        assert_eq!(
            (format!("{x:.2}"), format!("{y:.2}")),
            ("1.55".into(), "0.89".into())
        );
        assert!((equal_earth(0.0, 90.0).1 - 1.317_362_759_157_4).abs() < 1e-12);
        // proj4js 2.20.6, `+proj=eqearth +R=6371008.7714`, in metres.
        let radius = 6_371_008.771_4;
        for ((longitude, latitude), (east, north)) in [
            ((122.0, 47.0), (9_870_312.934, 5_691_275.174)),
            ((-70.5, -33.25), (-6_219_332.824, -4_162_319.250)),
        ] {
            let (x, y) = equal_earth(longitude, latitude);
            assert!((x * radius - east).abs() < 1e-3 && (y * radius - north).abs() < 1e-3);
        }
    }
}
